"""RDS: describing, failing over, events, errors."""

from datetime import datetime, timedelta, timezone

from checks import equal, refused, until

CLUSTER = "shop"


def writer_of(rds):
    cluster = rds.describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]
    return next(m["DBInstanceIdentifier"] for m in cluster["DBClusterMembers"] if m["IsClusterWriter"])


def zone_of(rds, instance):
    return rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0]["AvailabilityZone"]


def until_available(rds):
    def whole():
        cluster = rds.describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]
        instances = rds.describe_db_instances()["DBInstances"]
        return cluster["Status"] == "available" and all(i["DBInstanceStatus"] == "available" for i in instances)

    until("the cluster and its instances available", 30, whole)


def run(check, rds):
    @check("rds: DescribeDBClusters has a writer, readers, endpoints and tags")
    def _():
        (cluster,) = rds.describe_db_clusters()["DBClusters"]
        equal(cluster["DBClusterIdentifier"], CLUSTER)
        equal(cluster["Status"], "available")
        equal(sorted(m["IsClusterWriter"] for m in cluster["DBClusterMembers"]), [False, False, True])
        equal(cluster["TagList"], [{"Key": "tenfold:shop", "Value": "storefront"}])
        assert cluster["Endpoint"] and cluster["ReaderEndpoint"] and cluster["Port"] > 0

    @check("rds: DescribeDBInstances has an instance a zone, and filters")
    def _():
        instances = rds.describe_db_instances()["DBInstances"]
        equal(len({i["AvailabilityZone"] for i in instances}), 3)
        filters = [{"Name": "db-cluster-id", "Values": ["another"]}]
        equal(rds.describe_db_instances(Filters=filters)["DBInstances"], [])

    @check("rds: errors are the documented ones")
    def _():
        refused("DBClusterNotFoundFault", 404, rds.describe_db_clusters, DBClusterIdentifier="nope")
        refused("DBClusterNotFoundFault", 404, rds.failover_db_cluster, DBClusterIdentifier="nope")
        refused("DBInstanceNotFound", 404, rds.describe_db_instances, DBInstanceIdentifier="nope")
        to = {"DBClusterIdentifier": CLUSTER}
        refused("DBInstanceNotFound", 404, rds.failover_db_cluster, **to, TargetDBInstanceIdentifier="nope")
        writer = writer_of(rds)
        refused("InvalidDBInstanceState", 400, rds.failover_db_cluster, **to, TargetDBInstanceIdentifier=writer)
        refused("InvalidAction", 400, rds.describe_db_snapshots)

    @check("rds: FailoverDBCluster promotes the named reader, and DescribeEvents tells of it")
    def _():
        since = datetime.now(timezone.utc) - timedelta(seconds=1)
        members = rds.describe_db_clusters()["DBClusters"][0]["DBClusterMembers"]
        target = next(m["DBInstanceIdentifier"] for m in members if not m["IsClusterWriter"])
        reply = rds.failover_db_cluster(DBClusterIdentifier=CLUSTER, TargetDBInstanceIdentifier=target)
        equal(reply["DBCluster"]["Status"], "failing-over")
        refused("InvalidDBClusterStateFault", 400, rds.failover_db_cluster, DBClusterIdentifier=CLUSTER)
        rds.get_waiter("db_cluster_available").wait(
            DBClusterIdentifier=CLUSTER, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
        equal(writer_of(rds), target)
        about = {"SourceType": "db-cluster", "SourceIdentifier": CLUSTER, "EventCategories": ["failover"]}
        messages = [e["Message"] for e in rds.describe_events(**about, StartTime=since)["Events"]]
        equal(
            messages,
            [f"Started cross AZ failover to DB instance: {target}", f"Completed failover to DB instance: {target}"],
        )
        until_available(rds)
