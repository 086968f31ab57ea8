# A plan that makes things worse: the trail loses all Regions but one, the block of public access,
# the encryption of volumes and the password policy of the account are deleted, and a bucket loses its
# versioning. terraform.tfstate is what there is, written by hand; planned with -refresh=false.

resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = "acme-trail"
  kms_key_id                 = "arn:aws:kms:eu-central-1:111122223333:key/0c3d6b0e-0000-4000-8000-000000000001"
  is_multi_region_trail      = false
  enable_log_file_validation = true
}

resource "aws_s3_bucket" "old" {
  bucket = "acme-old"
}
