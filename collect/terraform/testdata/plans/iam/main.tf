data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["bedrock.amazonaws.com", "sagemaker.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
  }
}

resource "aws_s3_bucket" "data" {
  bucket_prefix = "acme-data-"
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn]
  }
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${aws_s3_bucket.data.arn}/*"]
    condition {
      test     = "StringLike"
      variable = "s3:ExistingObjectTag/class"
      values   = ["public", "internal"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["s3:*"]
    resources   = ["*"]
  }
}

data "aws_iam_policy_document" "combined" {
  source_policy_documents = [data.aws_iam_policy_document.read.json]
  override_policy_documents = [jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "List"
      Effect   = "Allow"
      Action   = "s3:ListBucketVersions"
      Resource = "*"
    }]
  })]
  statement {
    sid       = "Invoke"
    actions   = ["bedrock:InvokeModel"]
    resources = ["arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"]
  }
}

resource "aws_iam_role" "app" {
  name               = "acme-app"
  path               = "/apps/"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "app" {
  name   = "read"
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.combined.json
}

resource "aws_iam_policy" "invoke" {
  name = "acme-invoke"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["bedrock:*", "sagemaker:*"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "invoke" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.invoke.arn
}

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonBedrockFullAccess"
}

resource "aws_iam_role" "inline" {
  name_prefix        = "acme-inline-"
  assume_role_policy = data.aws_iam_policy_document.trust.json

  inline_policy {
    name = "all"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    })
  }
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_group" "ml" {
  name = "ml"
}

resource "aws_iam_group_policy_attachment" "ml" {
  group      = aws_iam_group.ml.name
  policy_arn = aws_iam_policy.invoke.arn
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length = 14
}
