variable "alias" {
  default = "trail"
}

resource "aws_kms_key" "trail" {
  description             = "trail"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Root"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Trail"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "trail" {
  name          = "alias/${var.alias}"
  target_key_id = aws_kms_key.trail.key_id
}

resource "aws_kms_key" "old" {
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
}

resource "aws_kms_key" "signing" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "SIGN_VERIFY"
}

resource "aws_s3_bucket" "trail" {
  bucket = "acme-trail"
}

resource "aws_cloudwatch_log_group" "trail" {
  name              = "/acme/trail"
  retention_in_days = 400
  kms_key_id        = aws_kms_key.trail.arn
}

resource "aws_cloudwatch_log_group" "short" {
  name_prefix       = "acme-"
  retention_in_days = 7
}

resource "aws_iam_role" "trail" {
  name               = "trail"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "cloudtrail.amazonaws.com" } }] })
}

resource "aws_cloudtrail" "good" {
  name                          = "acme"
  s3_bucket_name                = aws_s3_bucket.trail.id
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  kms_key_id                    = aws_kms_key.trail.arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.trail.arn
}

resource "aws_cloudtrail" "data" {
  name           = "data"
  s3_bucket_name = aws_s3_bucket.trail.id

  event_selector {
    read_write_type           = "WriteOnly"
    include_management_events = true
    data_resource {
      type   = "AWS::S3::Object"
      values = ["${aws_s3_bucket.trail.arn}/"]
    }
  }
}

resource "aws_cloudtrail" "advanced" {
  name           = "advanced"
  s3_bucket_name = aws_s3_bucket.trail.id

  advanced_event_selector {
    name = "models"
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::Bedrock::Model", "AWS::S3::Object"]
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "root" {
  name           = "root"
  log_group_name = aws_cloudwatch_log_group.trail.name
  pattern        = "{ $.userIdentity.type = \"Root\" }"
  metric_transformation {
    name      = "root"
    namespace = "acme"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "root" {
  alarm_name          = "root"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  metric_name         = aws_cloudwatch_log_metric_filter.root.metric_transformation[0].name
  namespace           = "acme"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
}
