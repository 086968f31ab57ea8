resource "aws_s3_bucket" "stays" {
  bucket = "acme-stays"
}

resource "aws_s3_bucket_versioning" "stays" {
  bucket = aws_s3_bucket.stays.id
  versioning_configuration {
    status = "Enabled"
  }
}
