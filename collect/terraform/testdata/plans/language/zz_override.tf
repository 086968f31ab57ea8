resource "aws_sns_topic" "t" {
  name              = "after"
  kms_master_key_id = "alias/aws/sns"
}

locals {
  prefix = "over-${var.name}"
}
