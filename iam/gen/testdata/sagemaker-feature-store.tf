resource "aws_iam_role" "assize_sagemaker_feature_store" {
  name        = "assize-sagemaker-feature-store"
  description = "Role of the offline store of feature groups"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TrustService"
        Effect = "Allow"
        Principal = {
          Service = "sagemaker.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = "111122223333"
          }
          ArnLike = {
            "aws:SourceArn" = "arn:aws:sagemaker:us-east-1:111122223333:*"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "assize_sagemaker_feature_store" {
  name = "assize-sagemaker-feature-store-permissions"
  role = aws_iam_role.assize_sagemaker_feature_store.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadObjects"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::acme-features/*"
      },
      {
        Sid    = "WriteObjects"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:PutObject",
        ]
        Resource = "arn:aws:s3:::acme-features/*"
      },
      {
        Sid      = "ListBucketA"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = "arn:aws:s3:::acme-features"
      },
      {
        Sid      = "ReadBucketACLA"
        Effect   = "Allow"
        Action   = "s3:GetBucketAcl"
        Resource = "arn:aws:s3:::acme-features"
      },
      {
        Sid    = "KeepTables"
        Effect = "Allow"
        Action = [
          "glue:GetTable",
          "glue:UpdateTable",
        ]
        Resource = [
          "arn:aws:glue:us-east-1:111122223333:catalog",
          "arn:aws:glue:us-east-1:111122223333:database/sagemaker_featurestore",
          "arn:aws:glue:us-east-1:111122223333:table/sagemaker_featurestore/*",
        ]
      },
    ]
  })
}
