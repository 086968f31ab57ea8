# What collect/cloudformation/testdata/intent/bad.yaml says, in Terraform: the same with what is left out or switched off.

resource "aws_kms_key" "key" {
  enable_key_rotation = false
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_s3_bucket" "access_logs" {
  bucket_prefix = "access-logs-"
}

resource "aws_s3_bucket" "data" {
  bucket_prefix = "data-"
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.data.arn}/*" }]
  })
}

resource "aws_cloudwatch_log_group" "trail" {
  name = "trail-bad"
}

resource "aws_iam_role" "notebook" {
  name = "notebook-bad"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "notebook" {
  name = "everything"
  role = aws_iam_role.notebook.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_cloudtrail" "trail" {
  name           = "trail-bad"
  s3_bucket_name = aws_s3_bucket.access_logs.id
}

resource "aws_sagemaker_notebook_instance" "notebook" {
  name          = "notebook-bad"
  instance_type = "ml.t3.medium"
  role_arn      = aws_iam_role.notebook.arn
}
