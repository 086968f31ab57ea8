"""Write the AWS managed policies that package sar embeds, from the Python package moto (Apache-2.0).

Run by hand, with moto installed:

    python3 iam/sar/gen/managed.py iam/sar/data/managed.jsonl.gz

The first line is the source with its version and the SHA-256 of its data; each further line is one
policy. The same moto gives the same bytes.
"""

import gzip
import hashlib
import io
import json
import sys

import moto
from moto.iam.aws_managed_policies import aws_managed_policies_data


def lines():
    policies = json.loads(aws_managed_policies_data)
    yield {
        "package": "moto",
        "version": moto.__version__,
        "date": max(p["UpdateDate"] for p in policies.values())[:10],
        "sha256": hashlib.sha256(aws_managed_policies_data.encode()).hexdigest(),
        "policies": len(policies),
    }
    for name, policy in sorted(policies.items()):
        yield {
            "name": name,
            "path": policy["Path"],
            "version": policy["DefaultVersionId"],
            "updated": policy["UpdateDate"],
            "document": policy["Document"],
        }


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: managed.py FILE")
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as out:
        for line in lines():
            out.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
    with open(sys.argv[1], "wb") as out:
        out.write(buffer.getvalue())


if __name__ == "__main__":
    main()
