#!/usr/bin/env python3
"""Write routes.json: (method, request URI, operation) of AWS services.

The service models come from the botocore that this Python finds. Only what is
needed to tell one operation from another is kept: the triple, the protocol,
the signing name and the JSON target prefix. Query-string members that an
operation requires are added to its URI, because they are what tells, say,
ListParts from GetObject.

Run it through `go generate ./internal/fakeaws`.
"""

import gzip
import json
import pathlib
import sys

import botocore

# Folder names of botocore. The order does not matter, the output is sorted.
SERVICES = """
accessanalyzer account acm apigateway apigatewayv2 application-autoscaling
auditmanager autoscaling backup bedrock bedrock-agent bedrock-agent-runtime
bedrock-agentcore bedrock-agentcore-control bedrock-runtime budgets ce
cloudcontrol cloudfront cloudtrail cloudwatch cognito-identity cognito-idp comprehend
config directconnect dynamodb ec2 ecr ecs efs eks elbv2 es events frauddetector glue
guardduty iam inspector2 kendra kms lambda lexv2-models logs macie2 memorydb
neptune network-firewall opensearch opensearchserverless organizations
qbusiness rds rekognition resource-explorer-2 resourcegroupstaggingapi s3
s3control s3vectors sagemaker secretsmanager securityhub service-quotas sns
sqs ssm sso-admin stepfunctions sts textract transcribe wafv2 xray
""".split()

DATA = pathlib.Path(botocore.__file__).parent / "data"


def load(service):
    """Return the newest model of a service."""
    versions = sorted((DATA / service).glob("*/service-2.json.gz"))
    if not versions:
        sys.exit(f"routes.py: botocore {botocore.__version__} has no service {service}")
    with gzip.open(versions[-1]) as f:
        return json.load(f)


def required_query(model, operation):
    """Return the names of the query-string members an operation requires."""
    shape = model["shapes"].get(operation.get("input", {}).get("shape"), {})
    return [
        member["locationName"]
        for name, member in shape.get("members", {}).items()
        if member.get("location") == "querystring" and name in shape.get("required", [])
    ]


def route(model, name, operation):
    """Return "METHOD URI Operation"."""
    http = operation["http"]
    uri = http["requestUri"]
    for query in required_query(model, operation):
        literal = uri.partition("?")[2].split("&")
        if query not in (part.partition("=")[0] for part in literal):
            uri += ("&" if "?" in uri else "?") + query
    return f"{http['method']} {uri} {name}"


def order(model, name, operation):
    """Sort what a bare request could mean first: ties go to the earlier line.

    A deprecated twin (GetBucketLifecycle) and an operation that a required
    header tells apart (CopyObject from PutObject) come after the plain one.
    """
    shape = model["shapes"].get(operation.get("input", {}).get("shape"), {})
    headers = sum(
        member.get("location") == "header" and key in shape.get("required", [])
        for key, member in shape.get("members", {}).items()
    )
    return (operation.get("deprecated", False), headers, name)


def service(name):
    """Return the table's entry of one service."""
    model = load(name)
    meta = model["metadata"]
    return {
        "name": name,
        "id": "".join(c for c in meta["serviceId"].lower() if c.isalnum()),
        "signing": meta.get("signingName", meta["endpointPrefix"]),
        "protocol": meta["protocol"],
        "target": meta.get("targetPrefix", ""),
        "operations": [
            route(model, op, spec)
            for op, spec in sorted(
                model["operations"].items(), key=lambda kv: order(model, *kv)
            )
        ],
    }


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "routes.json")
    table = {
        "generated": "by gen/routes.py; do not edit",
        "botocore": botocore.__version__,
        "services": [service(name) for name in sorted(set(SERVICES))],
    }
    out.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
