"""FIS: templates, experiments, what they do to a region, and what is refused."""

import uuid

import rds_checks
from checks import equal, refused, until

ROLE = "arn:aws:iam::000000000000:role/fis"
SHOP = {"tenfold:shop": "storefront"}
ENDED = ("completed", "stopped", "failed", "cancelled")

NODES = {"resourceType": "aws:ec2:instance", "resourceTags": SHOP, "selectionMode": "COUNT(1)"}
TERMINATE = {"actionId": "aws:ec2:terminate-instances", "targets": {"Instances": "nodes"}}


def wait(duration, **more):
    return {"actionId": "aws:fis:wait", "parameters": {"duration": duration}, **more}


def template(**changes):
    return {
        "clientToken": str(uuid.uuid4()),
        "description": "conformance",
        "roleArn": ROLE,
        "stopConditions": [{"source": "none"}],
        "targets": {"nodes": NODES},
        "actions": {"terminate": TERMINATE},
        **changes,
    }


class Fis:
    """The calls that several checks make."""

    def __init__(self, client):
        self.client = client

    def create(self, **changes):
        return self.client.create_experiment_template(**template(**changes))["experimentTemplate"]

    def start(self, template_id, **options):
        return self.client.start_experiment(experimentTemplateId=template_id, **options)["experiment"]

    def get(self, experiment_id):
        return self.client.get_experiment(id=experiment_id)["experiment"]

    def until_ended(self, experiment_id, seconds=60):
        def ended():
            experiment = self.get(experiment_id)
            return experiment if experiment["state"]["status"] in ENDED else None

        return until(f"experiment {experiment_id} ended", seconds, ended)

    def resolved(self, experiment_id):
        pages = self.client.get_paginator("list_experiment_resolved_targets").paginate(
            experimentId=experiment_id, PaginationConfig={"PageSize": 1}
        )
        return [target for page in pages for target in page["resolvedTargets"]]

    def dry_run(self, **changes):
        """The ARNs that the targets of a template resolve to, by target."""
        made = self.create(**changes)
        experiment = self.start(made["id"], experimentOptions={"actionsMode": "skip-all"})
        equal(experiment["experimentOptions"]["actionsMode"], "skip-all")
        ended = self.until_ended(experiment["id"])
        equal(ended["state"]["status"], "completed")
        equal({a["state"]["status"] for a in ended["actions"].values()}, {"skipped"})
        found = {}
        for target in self.resolved(experiment["id"]):
            found.setdefault(target["targetName"], []).append(target["targetInformation"]["arn"])
        return found


def run(check, client, rds):
    fis = Fis(client)
    offers(check, client)
    templates(check, fis)
    refusals(check, fis)
    experiments(check, fis)
    lever(check, fis)
    faults(check, fis, rds)


def offers(check, client):
    @check("fis: ListActions, in pages, and GetAction")
    def _():
        pages = client.get_paginator("list_actions").paginate(PaginationConfig={"PageSize": 3})
        ids = [action["id"] for page in pages for action in page["actions"]]
        assert len(ids) == len(set(ids)) >= 8, ids
        for id in ids:
            action = client.get_action(id=id)["action"]
            equal(action["id"], id)
            assert action["description"] and action["arn"].endswith(f":action/{id}")
        refused("ResourceNotFoundException", 404, client.get_action, id="aws:ec2:set-on-fire")
        refused("ValidationException", 400, client.list_actions, maxResults=101)
        refused("ValidationException", 400, client.list_actions, nextToken="nonsense")

    @check("fis: ListTargetResourceTypes and GetTargetResourceType")
    def _():
        types = [t["resourceType"] for t in client.list_target_resource_types()["targetResourceTypes"]]
        assert {"aws:ec2:instance", "aws:ec2:spot-instance", "aws:ec2:subnet", "aws:rds:cluster"} <= set(types), types
        cluster = client.get_target_resource_type(resourceType="aws:rds:cluster")["targetResourceType"]
        equal(list(cluster["parameters"]), ["writerAvailabilityZoneIdentifiers"])
        refused("ResourceNotFoundException", 404, client.get_target_resource_type, resourceType="aws:ec2:toaster")


def templates(check, fis):
    client = fis.client

    @check("fis: templates are made, shown, listed, changed, tagged and deleted")
    def _():
        made = fis.create(tags={"a": "1"})
        id, arn = made["id"], made["arn"]
        equal(made["experimentOptions"], {"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"})
        equal(client.get_experiment_template(id=id)["experimentTemplate"], made)
        assert id in [t["id"] for t in client.list_experiment_templates()["experimentTemplates"]]
        changed = client.update_experiment_template(
            id=id, description="changed", experimentOptions={"emptyTargetResolutionMode": "skip"}
        )["experimentTemplate"]
        equal((changed["description"], changed["actions"]), ("changed", made["actions"]))
        equal(changed["experimentOptions"]["emptyTargetResolutionMode"], "skip")
        assert changed["lastUpdateTime"] >= made["lastUpdateTime"]
        client.tag_resource(resourceArn=arn, tags={"b": "2"})
        client.untag_resource(resourceArn=arn, tagKeys=["a"])
        equal(client.list_tags_for_resource(resourceArn=arn)["tags"], {"b": "2"})
        equal(client.delete_experiment_template(id=id)["experimentTemplate"]["id"], id)
        for call in (client.get_experiment_template, client.delete_experiment_template):
            refused("ResourceNotFoundException", 404, call, id=id)
        refused("ResourceNotFoundException", 404, client.start_experiment, experimentTemplateId=id)
        refused("ResourceNotFoundException", 404, client.list_tags_for_resource, resourceArn=arn)

    @check("fis: one client token makes one template")
    def _():
        request = template()
        once = client.create_experiment_template(**request)["experimentTemplate"]["id"]
        equal(client.create_experiment_template(**request)["experimentTemplate"]["id"], once)
        refused(
            "ConflictException", 409, client.create_experiment_template, **{**request, "description": "another"}
        )


def refusals(check, fis):
    def invalid(name, text, **changes):
        @check(f"fis: refused: {name}")
        def _():
            message = refused("ValidationException", 400, fis.client.create_experiment_template, **template(**changes))
            assert text in message, message

    def target(**changes):
        return {"targets": {"nodes": {**NODES, **changes}}}

    def action(**changes):
        return {"actions": {"terminate": {**TERMINATE, **changes}}}

    invalid("an unknown action", "Unknown action ID", **action(actionId="aws:ec2:set-on-fire"))
    invalid("an action without its target", "Missing required target", **action(targets={}))
    invalid("a foreign target key", 'Unexpected target "Pods"', **action(targets={"Pods": "nodes"}))
    invalid("a target that is not there", "is not in the experiment template", **action(targets={"Instances": "x"}))
    invalid("a target of another type", "has the resource type", **target(resourceType="aws:ec2:spot-instance"))
    invalid("an unknown resource type", "Unknown resource type", **target(resourceType="aws:ec2:toaster"))
    invalid("a wrong selection mode", "Invalid selection mode", **target(selectionMode="SOME(1)"))
    invalid("a target that selects nothing", "must have resource ARNs", **target(resourceTags={}))
    invalid("an unknown parameter", "Unexpected parameter", **action(parameters={"force": "true"}))
    invalid("a missing parameter", "Missing required parameter", actions={"w": {"actionId": "aws:fis:wait"}})
    invalid("a duration that is none", "ISO 8601", actions={"w": wait("5minutes")})
    invalid("a duration out of range", "between", actions={"w": wait("PT13H")})
    invalid("an unknown predecessor", "starts after", actions={"w": wait("PT1M", startAfter=["x"])})
    invalid("actions in a circle", "wait for each other", actions={"w": wait("PT1M", startAfter=["w"])})
    invalid("an alarm", "no CloudWatch", stopConditions=[{"source": "aws:cloudwatch:alarm", "value": "arn:" + 20 * "x"}])
    invalid("a role that is none", "role ARN", roleArn="arn:aws:iam::000000000000:user/somebody")
    invalid("too many ARNs", "less than or equal to 5", **target(resourceTags={}, resourceArns=["arn:" + 20 * "x"] * 6))

    @check("fis: refused: more than 20 actions")
    def _():
        many = {f"a{i}": wait("PT1M") for i in range(21)}
        refused(
            "ServiceQuotaExceededException", 402, fis.client.create_experiment_template, **template(actions=many)
        )


def experiments(check, fis):
    client = fis.client

    @check("fis: a dry run resolves targets and does nothing; filters, tags and selection modes select")
    def _():
        everything = {**NODES, "selectionMode": "ALL"}
        count = len(fis.dry_run(targets={"nodes": everything})["nodes"])
        assert count >= 3, count
        in_zone = [{"path": "Placement.AvailabilityZone", "values": ["local-1a"]}]
        zone = fis.dry_run(targets={"nodes": {**everything, "filters": in_zone}})["nodes"]
        assert 0 < len(zone) < count, zone
        by_arn = {"resourceType": "aws:ec2:instance", "resourceArns": zone[:1], "selectionMode": "ALL"}
        equal(fis.dry_run(targets={"nodes": by_arn})["nodes"], zone[:1])
        half = fis.dry_run(targets={"nodes": {**NODES, "selectionMode": "PERCENT(50)"}})["nodes"]
        equal(len(half), count // 2)

    @check("fis: actions keep their order, and the experiment completes")
    def _():
        actions = {"second": wait("PT1M", startAfter=["first"]), "first": wait("PT1M")}
        made = fis.create(targets={}, actions=actions)
        request = {"clientToken": str(uuid.uuid4()), "tags": {"run": "1"}}
        begun = fis.start(made["id"], **request)
        equal(fis.start(made["id"], **request)["id"], begun["id"])
        assert begun["state"]["status"] in ("pending", "initiating"), begun["state"]
        ended = fis.until_ended(begun["id"])
        equal(ended["state"]["status"], "completed")
        assert ended["actions"]["second"]["startTime"] >= ended["actions"]["first"]["endTime"]
        listed = client.list_experiments(experimentTemplateId=made["id"])["experiments"]
        equal([(e["id"], e["tags"]) for e in listed], [(begun["id"], {"run": "1"})])
        refused("ValidationException", 400, client.stop_experiment, id=begun["id"])
        refused("ResourceNotFoundException", 404, client.stop_experiment, id="EXPnone")

    @check("fis: a target that means nothing fails the experiment, or is skipped")
    def _():
        nothing = {"targets": {"nodes": {**NODES, "resourceTags": {"no": "such"}}}}
        failed = fis.until_ended(fis.start(fis.create(**nothing)["id"])["id"])
        equal(failed["state"]["status"], "failed")
        equal(failed["state"]["error"]["code"], "InvalidTarget")
        skip = {"emptyTargetResolutionMode": "skip"}
        skipped = fis.until_ended(fis.start(fis.create(**nothing, experimentOptions=skip)["id"])["id"])
        equal(skipped["state"]["status"], "completed")
        equal(skipped["actions"]["terminate"]["state"]["status"], "skipped")

    @check("fis: five experiments can be active")
    def _():
        id = fis.create(targets={}, actions={"w": wait("PT12H")})["id"]
        active = [fis.start(id)["id"] for _ in range(5)]
        refused("ServiceQuotaExceededException", 402, client.start_experiment, experimentTemplateId=id)
        for each in active:
            equal(client.stop_experiment(id=each)["experiment"]["state"]["status"], "stopping")
        equal({fis.until_ended(each)["state"]["status"] for each in active}, {"stopped"})


def lever(check, fis):
    client = fis.client

    def pull(status):
        state = {"status": status, "reason": "conformance"}
        return client.update_safety_lever_state(id="default", state=state)["safetyLever"]["state"]["status"]

    @check("fis: the safety lever stops what runs and cancels what would begin")
    def _():
        equal(client.get_safety_lever(id="default")["safetyLever"]["state"]["status"], "disengaged")
        refused("ResourceNotFoundException", 404, client.get_safety_lever, id="another")
        id = fis.create(targets={}, actions={"w": wait("PT12H")})["id"]
        running = fis.start(id)["id"]
        assert pull("engaged") in ("engaging", "engaged")
        equal(fis.until_ended(running)["state"]["status"], "stopped")
        until(
            "lever engaged",
            5,
            lambda: client.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "engaged",
        )
        equal(fis.start(id)["state"]["status"], "cancelled")
        equal(pull("disengaged"), "disengaged")


def faults(check, fis, rds):
    """Faults that a whole region feels. Durations pass faster than on AWS."""
    client = fis.client
    shop = {"resourceTags": SHOP, "selectionMode": "ALL"}

    @check("fis: terminate-instances terminates one node, which is replaced")
    def _():
        running = {**NODES, "filters": [{"path": "State.Name", "values": ["running"]}], "selectionMode": "ALL"}
        before = set(fis.dry_run(targets={"nodes": running})["nodes"])
        lost = fis.start(fis.create(targets={"nodes": {**running, "selectionMode": "COUNT(1)"}})["id"])["id"]
        equal(fis.until_ended(lost)["state"]["status"], "completed")
        (arn,) = [t["targetInformation"]["arn"] for t in fis.resolved(lost)]
        assert arn in before

        def replaced():
            now = set(fis.dry_run(targets={"nodes": running})["nodes"])
            return arn not in now and len(now) == len(before)

        until("as many nodes as before, without the lost one", 60, replaced)

    @check("fis: send-spot-instance-interruptions interrupts spot instances only")
    def _():
        spot = {"resourceType": "aws:ec2:spot-instance", "resourceTags": SHOP, "selectionMode": "COUNT(1)"}
        made = fis.create(
            targets={"spot": spot},
            actions={
                "interrupt": {
                    "actionId": "aws:ec2:send-spot-instance-interruptions",
                    "parameters": {"durationBeforeInterruption": "PT2M"},
                    "targets": {"SpotInstances": "spot"},
                }
            },
        )
        ended = fis.until_ended(fis.start(made["id"])["id"])
        equal(ended["state"]["status"], "completed")

    @check("fis: a zone loses network, power and the writer at once, and stopping gives all of it back")
    def _():
        rds_checks.until_available(rds)
        writer = rds_checks.writer_of(rds)
        zone = rds_checks.zone_of(rds, writer)
        made = fis.create(
            targets={
                "subnets": {
                    **shop,
                    "resourceType": "aws:ec2:subnet",
                    "parameters": {"availabilityZoneIdentifier": zone},
                },
                "nodes": {
                    **shop,
                    "resourceType": "aws:ec2:instance",
                    "filters": [{"path": "Placement.AvailabilityZone", "values": [zone]}],
                },
                "groups": {**shop, "resourceType": "aws:ec2:autoscaling-group"},
                "databases": {
                    **shop,
                    "resourceType": "aws:rds:cluster",
                    "parameters": {"writerAvailabilityZoneIdentifiers": zone},
                },
            },
            actions={
                "network": {
                    "actionId": "aws:network:disrupt-connectivity",
                    "parameters": {"scope": "all", "duration": "PT30M"},
                    "targets": {"Subnets": "subnets"},
                },
                "power": {
                    "actionId": "aws:ec2:stop-instances",
                    "parameters": {
                        "startInstancesAfterDuration": "PT30M",
                        "completeIfInstancesTerminated": "true",
                    },
                    "targets": {"Instances": "nodes"},
                },
                "launches": {
                    "actionId": "aws:ec2:asg-insufficient-instance-capacity-error",
                    "parameters": {"availabilityZoneIdentifiers": zone, "duration": "PT30M"},
                    "targets": {"AutoScalingGroups": "groups"},
                },
                "writer": {"actionId": "aws:rds:failover-db-cluster", "targets": {"Clusters": "databases"}},
            },
            experimentOptions={"emptyTargetResolutionMode": "skip"},
        )
        id = fis.start(made["id"])["id"]
        until(
            "the failover completed",
            30,
            lambda: fis.get(id)["actions"]["writer"]["state"]["status"] == "completed",
        )
        assert rds_checks.writer_of(rds) != writer
        refused(
            "InvalidDBInstanceState",
            400,
            rds.failover_db_cluster,
            DBClusterIdentifier=rds_checks.CLUSTER,
            TargetDBInstanceIdentifier=writer,
        )
        equal(fis.get(id)["actions"]["network"]["state"]["status"], "running")
        client.stop_experiment(id=id)
        ended = fis.until_ended(id)
        equal(ended["state"]["status"], "stopped")
        equal(ended["actions"]["network"]["state"]["status"], "stopped")
        rds_checks.until_available(rds)
