# Against the state beside it: the versioning of a bucket is removed, the bucket stays.
resource "aws_s3_bucket" "stays" {
  bucket = "acme-stays"
}

resource "aws_s3_bucket_public_access_block" "stays" {
  bucket                  = aws_s3_bucket.stays.id
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Turning on direct internet access replaces the notebook.
resource "aws_sagemaker_notebook_instance" "research" {
  name                   = "acme-research"
  role_arn               = "arn:aws:iam::111122223333:role/sagemaker"
  instance_type          = "ml.t3.medium"
  subnet_id              = "subnet-0123456789abcdef0"
  security_groups        = ["sg-0123456789abcdef0"]
  direct_internet_access = "Enabled"
  root_access            = "Disabled"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_kms_key" "renamed" {
  enable_key_rotation = false
}

moved {
  from = aws_kms_key.before
  to   = aws_kms_key.renamed
}

# Leaves Terraform and lives on.
removed {
  from = aws_cloudwatch_log_group.left
  lifecycle {
    destroy = false
  }
}

resource "aws_s3_bucket" "new" {
  bucket = "acme-new"
}
