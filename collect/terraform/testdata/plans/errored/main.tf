variable "versioning" {
  default = false
}

resource "aws_s3_bucket" "b" {
  bucket = "acme-guarded"

  lifecycle {
    precondition {
      condition     = var.versioning
      error_message = "[genai/s3_bucket_versioning_enabled] versioning must be enabled."
    }
  }
}

resource "aws_s3_bucket" "readable" {
  bucket = "acme-readable"
}

check "names" {
  assert {
    condition     = startswith(aws_s3_bucket.readable.bucket, "acme-")
    error_message = "names begin with acme-"
  }
}
