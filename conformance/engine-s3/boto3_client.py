"""boto3 as a program: one request a line on standard input, {"call": ..., ...}, one answer a line on standard output."""

import hashlib
import json
import sys

import boto3
from boto3.s3.transfer import TransferConfig

s3 = boto3.client("s3")
MIB = 1024 * 1024


def put(bucket, key, path, metadata, tagging, content_type):
    """With what boto3 does by default: its own checksums, parts when the file is large."""
    s3.upload_file(
        path,
        bucket,
        key,
        ExtraArgs={"Metadata": metadata, "Tagging": tagging, "ContentType": content_type},
        Config=TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB),
    )


def copy(bucket, key, source):
    s3.copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": bucket, "Key": source})


def read(bucket, key, version=None, range=None):
    chosen = {} if version is None else {"VersionId": version}
    whole = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED", **chosen)
    body = whole["Body"].read()
    part = s3.get_object(Bucket=bucket, Key=key, Range=range, **chosen)["Body"].read() if range else b""
    tags = s3.get_object_tagging(Bucket=bucket, Key=key, **chosen)["TagSet"]
    return {
        "sha256": hashlib.sha256(body).hexdigest(),
        "part": part.decode("latin-1"),
        "etag": whole["ETag"],
        "type": whole["ContentType"],
        "metadata": whole["Metadata"],
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def keys(bucket, prefix, page):
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": page}
    )
    return [item["Key"] for found in pages for item in found.get("Contents", [])]


def versions(bucket, key):
    listed = s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    return [{"id": item["VersionId"], "latest": item["IsLatest"]} for item in listed]


def presign(bucket, key):
    return s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=60)


calls = {"put": put, "copy": copy, "read": read, "keys": keys, "versions": versions, "presign": presign}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"result": calls[request.pop("call")](**request)}), flush=True)
