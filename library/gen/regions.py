"""Writes the table of where services are offered: python3 library/gen/regions.py > library/regions.yaml

Two sources, both found where Python has them installed:

* botocore's data/endpoints.json: AWS's list of Regions and of the end points of
  services. It says where the services that it lists are offered.
* cfn-lint's lists of the CloudFormation types of each Region. They say where the
  services are offered that endpoints.json does not list.

A service of the second kind is offered where CloudFormation has its types and its
base service, without which it cannot work, is offered according to the first
source. It is not offered where neither holds, and where only one does it is
"unknown": CloudFormation may come later than the service.
"""

import datetime
import importlib.metadata
import json
import pathlib

import botocore
import cfnlint

# Our service names are botocore's; endpoints.json has older ones for some.
ENDPOINTS = {
    "acm": "acm",
    "apigateway": "apigateway",
    "apigatewayv2": "apigateway",
    "application-autoscaling": "application-autoscaling",
    "backup": "backup",
    "bedrock": "bedrock",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "monitoring",
    "cognito-identity": "cognito-identity",
    "cognito-idp": "cognito-idp",
    "comprehend": "comprehend",
    "config": "config",
    "directconnect": "directconnect",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "ecr": "api.ecr",
    "ecs": "ecs",
    "efs": "elasticfilesystem",
    "eks": "eks",
    "elbv2": "elasticloadbalancing",
    "events": "events",
    "glue": "glue",
    "guardduty": "guardduty",
    "inspector2": "inspector2",
    "kendra": "kendra",
    "kms": "kms",
    "lambda": "lambda",
    "lexv2-models": "models-v2-lex",
    "logs": "logs",
    "macie2": "macie2",
    "memorydb": "memory-db",
    "neptune": "neptune",
    "network-firewall": "network-firewall",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "rds": "rds",
    "rekognition": "rekognition",
    "s3": "s3",
    "sagemaker": "api.sagemaker",
    "secretsmanager": "secretsmanager",
    "securityhub": "securityhub",
    "service-quotas": "servicequotas",
    "sns": "sns",
    "sqs": "sqs",
    "stepfunctions": "states",
    "sts": "sts",
    "textract": "textract",
    "transcribe": "transcribe",
    "wafv2": "wafv2",
    "xray": "xray",
}

# Services that endpoints.json does not list: the CloudFormation types that show
# them, and the service without which they cannot work.
BY_TYPE = {
    "bedrock-agent": ("AWS::Bedrock::Agent\"", "bedrock"),
    "bedrock-agentcore-control": ("AWS::BedrockAgentCore::", "bedrock"),
}

# Services for which endpoints.json lists names in Regions that do not have them:
# offered only where CloudFormation has their types as well.
BOTH = {
    "qbusiness": ("AWS::QBusiness::Application\"", "qbusiness"),
}


def region_of(key, endpoint):
    """The Region of an end point; the keys are Regions, variants, or host names."""
    return endpoint.get("credentialScope", {}).get("region", key)


def main():
    data = pathlib.Path(botocore.__file__).parent / "data" / "endpoints.json"
    partitions = json.loads(data.read_text())["partitions"]
    regions = {p["partition"]: sorted(p["regions"]) for p in partitions}
    everywhere = {r for rs in regions.values() for r in rs}

    services = {}
    for ours, theirs in (ENDPOINTS | {name: theirs for name, (_, theirs) in BOTH.items()}).items():
        found = set()
        for p in partitions:
            for key, endpoint in p["services"].get(theirs, {}).get("endpoints", {}).items():
                if not endpoint.get("deprecated"):
                    found.add(region_of(key, endpoint))
        services[ours] = sorted(found & everywhere)

    types = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas" / "providers"
    unknown = {}
    for ours, (mark, _) in BOTH.items():
        services[ours] = [r for r in services[ours] if mark in read(types / (r.replace("-", "_") + ".py"))]
    for ours, (mark, base) in BY_TYPE.items():
        found = {r for r in everywhere if mark in read(types / (r.replace("-", "_") + ".py"))}
        services[ours] = sorted(found & set(services[base]))
        unknown[ours] = sorted(found ^ set(services[base]))

    date = datetime.datetime.fromtimestamp(data.stat().st_mtime, datetime.timezone.utc).date()
    print("# Where services are offered. Written by library/gen/regions.py, which says how; do not edit.")
    print("# A service in no list, and a Region in no partition, are not known to the table: they are tried,")
    print("# and what fails is a gap. Nothing is taken for \"not offered\" because the table does not know it.")
    print(f"source: botocore {botocore.__version__} endpoints.json, cfn-lint {importlib.metadata.version('cfn-lint')} types of Regions")
    print(f'date: "{date}"')
    table("partitions", regions)
    table("services", services)
    print("# Regions of which the sources do not say whether they have the service.")
    table("unknown", unknown)


def read(path):
    return path.read_text() if path.exists() else ""


def table(name, rows):
    print(f"{name}:")
    for key in sorted(rows):
        print(f"  {key}:")
        line = "    ["
        for i, region in enumerate(rows[key]):
            part = region + ("" if i == len(rows[key]) - 1 else ",")
            if len(line) + len(part) > 110:
                print(line.rstrip())
                line = "     "
            line += part + " "
        print(line.rstrip() + "]")


if __name__ == "__main__":
    main()
