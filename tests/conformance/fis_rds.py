"""
Drives a pocket region by boto3, a client that has nothing to do with tenfold: fis_rds.py REGION REQUESTS

REGION: the JSON that `main.ts up --json` prints. REQUESTS: a file of requests that tenfold sends, which must fit AWS's
model of its services, and which the region must take. Prints a line for each check; exit code 1 when one failed.
"""

import json
import sys
from pathlib import Path

import boto3
import botocore.session
from botocore.config import Config

import fis_checks
import model
import rds_checks
from checks import Checks


def main(region_file, requests_file):
    aws = json.loads(Path(region_file).read_text())["aws"]
    recorded = json.loads(Path(requests_file).read_text())
    check = Checks()
    fis, rds = (client(service, aws) for service in ("fis", "rds"))
    replay(check, recorded, fis)
    rds_checks.run(check, rds)
    fis_checks.run(check, fis, rds)
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


def client(service, aws):
    return boto3.client(
        service,
        endpoint_url=aws["endpoint"],
        region_name=aws["region"],
        aws_access_key_id=aws["accessKeyId"],
        aws_secret_access_key=aws["secretAccessKey"],
        config=Config(retries={"max_attempts": 1}, parameter_validation=False),
    )


def replay(check, recorded, fis):
    session = botocore.session.get_session()

    @check("the model's check of requests finds what is wrong")
    def _():
        def wrong(operation, params):
            assert model.problems(session, "fis", operation, params), f"{operation} {params} passed"

        wrong("StartExperiment", {"clientToken": "x"})
        wrong("StartExperiment", {"clientToken": "x", "experimentTemplateId": 7})
        wrong("StartExperiment", {"clientToken": "x", "experimentTemplateId": "EXT1", "dryRun": True})
        options = {"actionsMode": "skip-some"}
        wrong("StartExperiment", {"clientToken": "x", "experimentTemplateId": "EXT1", "experimentOptions": options})
        wrong("ListExperiments", {"maxResults": 101})

    for number, request in enumerate(recorded):
        service, operation, params = request["service"], request["operation"], request["params"]

        @check(f"{service}: tenfold's {operation} (request {number + 1}) fits AWS's model")
        def _():
            wrong = model.problems(session, service, operation, params)
            assert not wrong, "; ".join(wrong)

        if operation == "CreateExperimentTemplate":

            @check(f"fis: the region takes tenfold's template {params['description']!r}")
            def _():
                # Recorded requests share one token.
                made = fis.create_experiment_template(**{**params, "clientToken": f"replay-{number}"})
                fis.delete_experiment_template(id=made["experimentTemplate"]["id"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
