# Planned with -target=aws_s3_bucket.b: that its parts are not in the plan proves nothing.
resource "aws_s3_bucket" "b" {
  bucket_prefix = "acme-"
}

resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Enabled"
  }
}
