# As little as the provider takes: what it fills in by itself is in the plan, and not here.
locals {
  role = "arn:aws:iam::111122223333:role/service"
}

resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config {
    s3_config {
      bucket_name = "acme-logs"
    }
  }
}

resource "aws_s3_bucket" "b" {
  bucket = "acme-defaults"
}

resource "aws_s3_bucket_public_access_block" "b" {
  bucket = aws_s3_bucket.b.id
}

resource "aws_s3_account_public_access_block" "this" {}

resource "aws_s3_access_point" "b" {
  bucket = aws_s3_bucket.b.id
  name   = "acme"
  public_access_block_configuration {}
}

resource "aws_kms_key" "k" {}

resource "aws_kms_external_key" "k" {}

resource "aws_cloudtrail" "t" {
  name           = "trail"
  s3_bucket_name = aws_s3_bucket.b.id
  event_selector {}
}

resource "aws_cloudwatch_event_rule" "r" {
  name                = "r"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_log_group" "g" {
  name = "g"
}

resource "aws_cloudwatch_composite_alarm" "a" {
  alarm_name = "a"
  alarm_rule = "ALARM(x)"
}

resource "aws_cognito_user_pool" "p" {
  name = "p"
}

resource "aws_cognito_identity_pool" "p" {
  identity_pool_name = "p"
}

resource "aws_config_configuration_recorder" "r" {
  role_arn = local.role
  recording_group {}
}

resource "aws_config_configuration_recorder_status" "r" {
  name       = aws_config_configuration_recorder.r.name
  is_enabled = true
}

resource "aws_db_instance" "d" {
  instance_class = "db.t3.micro"
}

resource "aws_rds_cluster" "d" {
  engine = "aurora-postgresql"
}

resource "aws_neptune_cluster" "n" {}

resource "aws_memorydb_cluster" "m" {
  acl_name  = "open-access"
  node_type = "db.t4g.small"
}

resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_ebs_encryption_by_default" "this" {}

resource "aws_ecr_repository" "r" {
  name = "r"
  encryption_configuration {}
}

resource "aws_efs_file_system" "f" {}

resource "aws_eks_cluster" "e" {
  name     = "e"
  role_arn = local.role
  vpc_config {
    subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  }
}

resource "aws_flow_log" "f" {
  vpc_id          = "vpc-0123456789abcdef0"
  log_destination = aws_s3_bucket.b.arn
  traffic_type    = "ALL"
}

resource "aws_guardduty_detector" "d" {}

resource "aws_iam_account_password_policy" "p" {}

resource "aws_instance" "i" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  metadata_options {}
}

resource "aws_kendra_index" "k" {
  name     = "k"
  role_arn = local.role
}

resource "aws_lambda_function" "l" {
  function_name = "l"
  role          = local.role
  s3_bucket     = "code"
  s3_key        = "l.zip"
  handler       = "h"
  runtime       = "python3.12"
}

resource "aws_lambda_function_url" "l" {
  function_name      = aws_lambda_function.l.function_name
  authorization_type = "NONE"
}

resource "aws_macie2_account" "m" {}

resource "aws_opensearch_domain" "o" {
  domain_name = "open"
  domain_endpoint_options {}
  advanced_security_options {
    enabled = false
  }
}

resource "aws_opensearchserverless_collection" "c" {
  name = "collection"
}

resource "aws_securityhub_account" "s" {}

resource "aws_sqs_queue" "q" {
  name = "q"
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_sagemaker_notebook_instance" "n" {
  name          = "n"
  role_arn      = local.role
  instance_type = "ml.t3.medium"
}

resource "aws_sagemaker_domain" "d" {
  domain_name = "d"
  auth_mode   = "IAM"
  vpc_id      = aws_vpc.v.id
  subnet_ids  = [aws_subnet.s.id]
  default_user_settings {
    execution_role = local.role
    sharing_settings {}
  }
}

resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = local.role
  primary_container {
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/m:1"
  }
}

resource "aws_backup_plan" "b" {
  name = "b"
  rule {
    rule_name         = "r"
    target_vault_name = "vault"
  }
}

resource "aws_secretsmanager_secret" "s" {
  name = "s"
}

resource "aws_sns_topic" "t" {}

resource "aws_appautoscaling_target" "t" {
  min_capacity       = 1
  max_capacity       = 2
  resource_id        = "endpoint/e/variant/v"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  service_namespace  = "sagemaker"
}

resource "aws_glue_data_catalog_encryption_settings" "g" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      return_connection_password_encrypted = false
    }
    encryption_at_rest {
      catalog_encryption_mode = "DISABLED"
    }
  }
}
