# What is called good passes, what is called bad fails; see judged.txt beside this file.

# Keys.

resource "aws_kms_key" "good" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Account", Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
      {
        Sid       = "Logs", Effect = "Allow", Principal = { Service = "logs.eu-central-1.amazonaws.com" }, Action = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], Resource = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
      },
    ]
  })
}

resource "aws_kms_key" "bad" {
  enable_key_rotation = false
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Allow", Principal = "*", Action = "kms:Decrypt", Resource = "*" },
    ]
  })
}

# Roles and policies.

resource "aws_iam_role" "good" {
  name                 = "good"
  permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "good" {
  name = "models"
  role = aws_iam_role.good.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Action = "bedrock:InvokeModel"
      Resource  = "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
      Condition = { StringEquals = { "bedrock:GuardrailIdentifier" = "arn:aws:bedrock:eu-central-1:111122223333:guardrail/g1:1" } }
    }]
  })
}

resource "aws_iam_role" "bad" {
  name                 = "bad"
  max_session_duration = 43200
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "bad" {
  name = "all"
  role = aws_iam_role.bad.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy" "bad_models" {
  name = "models"
  role = aws_iam_role.bad.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "bedrock:*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "bad" {
  role       = aws_iam_role.bad.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_policy" "good" {
  name = "good"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-data/*" }]
  })
}

resource "aws_iam_policy" "bad" {
  name = "bad"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" },
      { Effect = "Allow", Action = ["iam:PassRole", "iam:CreatePolicyVersion", "aws-marketplace:Subscribe", "kms:Decrypt"], Resource = "*" },
    ]
  })
}

resource "aws_iam_account_password_policy" "good" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  password_reuse_prevention      = 24
  max_password_age               = 90
  allow_users_to_change_password = true
}

resource "aws_iam_user" "bad" {
  name = "bad"
}

resource "aws_iam_user_policy" "bad" {
  name = "bad"
  user = aws_iam_user.bad.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_user" "good" {
  name = "good"
}

# Logs and trails.

resource "aws_cloudwatch_log_group" "good" {
  name              = "good"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.good.arn
}

resource "aws_cloudwatch_log_group" "bad" {
  name              = "bad"
  retention_in_days = 7
}

resource "aws_s3_bucket" "trail" {
  bucket = "acme-trail"
}

resource "aws_cloudtrail" "good" {
  name                          = "good"
  s3_bucket_name                = aws_s3_bucket.trail.id
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  kms_key_id                    = aws_kms_key.good.arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.good.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.good.arn
  insight_selector {
    insight_type = "ApiCallRateInsight"
  }
  insight_selector {
    insight_type = "ApiErrorRateInsight"
  }
}

# Functions.

resource "aws_lambda_function" "good" {
  function_name                  = "good"
  role                           = aws_iam_role.good.arn
  runtime                        = "python3.13"
  handler                        = "main.handler"
  filename                       = "main.tf"
  kms_key_arn                    = aws_kms_key.good.arn
  reserved_concurrent_executions = 10
  environment {
    variables = { MODE = "live" }
  }
  vpc_config {
    subnet_ids         = ["subnet-0123456789abcdef0"]
    security_group_ids = ["sg-0123456789abcdef0"]
  }
}

resource "aws_lambda_function" "bad" {
  function_name = "bad"
  role          = aws_iam_role.bad.arn
  runtime       = "python3.8"
  handler       = "main.handler"
  filename      = "main.tf"
  environment {
    variables = { AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY" }
  }
}

resource "aws_lambda_permission" "bad" {
  function_name = aws_lambda_function.bad.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

resource "aws_lambda_function_url" "good" {
  function_name      = aws_lambda_function.good.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_function_url" "bad" {
  function_name      = aws_lambda_function.bad.function_name
  authorization_type = "NONE"
}

# Users of applications.

resource "aws_cognito_user_pool" "good" {
  name              = "good"
  mfa_configuration = "ON"
  software_token_mfa_configuration {
    enabled = true
  }
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}

resource "aws_cognito_user_pool" "bad" {
  name = "bad"
}

resource "aws_cognito_identity_pool" "good" {
  identity_pool_name               = "good"
  allow_unauthenticated_identities = false
}

resource "aws_cognito_identity_pool" "bad" {
  identity_pool_name               = "bad"
  allow_unauthenticated_identities = true
}

# What watches the account.

resource "aws_guardduty_detector" "good" {
  enable = true
  datasources {
    s3_logs {
      enable = true
    }
  }
}

resource "aws_ebs_encryption_by_default" "good" {
  enabled = true
}

resource "aws_config_configuration_recorder" "good" {
  role_arn = aws_iam_role.good.arn
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_configuration_recorder_status" "good" {
  name       = aws_config_configuration_recorder.good.name
  is_enabled = true
}

resource "aws_macie2_account" "good" {
  status = "ENABLED"
}

resource "aws_securityhub_account" "good" {
  enable_default_standards = false
}

resource "aws_accessanalyzer_analyzer" "good" {
  analyzer_name = "good"
  type          = "ACCOUNT"
}

resource "aws_account_alternate_contact" "good" {
  alternate_contact_type = "SECURITY"
  name                   = "Security"
  title                  = "Team"
  email_address          = "security@example.org"
  phone_number           = "+4989123456"
}

resource "aws_s3_account_public_access_block" "good" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Queues and topics.

resource "aws_sns_topic" "good" {
  name              = "good"
  kms_master_key_id = aws_kms_key.good.arn
}

resource "aws_sns_topic" "bad" {
  name = "bad"
}

resource "aws_sqs_queue" "good" {
  name              = "good"
  kms_master_key_id = aws_kms_key.good.arn
}

resource "aws_sqs_queue" "bad" {
  name                    = "bad"
  sqs_managed_sse_enabled = false
}
