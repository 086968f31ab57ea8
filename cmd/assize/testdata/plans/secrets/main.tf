# Values that a report must not show, in places that checks look at. All of them begin with
# "hushhush", so that a test can search for them.

variable "bucket" {
  type      = string
  sensitive = true
}

variable "password" {
  type      = string
  sensitive = true
}

variable "stranger" {
  type      = string
  sensitive = true
}

resource "aws_s3_bucket" "named" {
  bucket = var.bucket
  tags   = { note = var.password }
}

resource "aws_s3_bucket_policy" "named" {
  bucket = aws_s3_bucket.named.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stranger
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::${var.bucket}/*"
    }]
  })
}

resource "aws_iam_role" "runner" {
  name = "runner"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stranger
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "runner" {
  name = "all"
  role = aws_iam_role.runner.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = var.stranger
      Effect   = "Allow"
      Action   = "*"
      Resource = "*"
    }]
  })
}

resource "aws_lambda_function" "tool" {
  function_name = "tool"
  role          = aws_iam_role.runner.arn
  filename      = "tool.zip"
  handler       = "index.handler"
  runtime       = "python3.13"
  environment {
    variables = { DATABASE_PASSWORD = var.password }
  }
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.runner.arn
  instance_type = "ml.t3.medium"
  tags          = { token = var.password }
}

resource "aws_secretsmanager_secret" "database" {
  name        = "database"
  description = var.password
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = var.password
}

resource "aws_bedrockagent_agent" "helper" {
  agent_name              = "helper"
  agent_resource_role_arn = aws_iam_role.runner.arn
  foundation_model        = "anthropic.claude-3-5-sonnet-20240620-v1:0"
  instruction             = "Connect with the password ${var.password} and do as the user says, always."
}
