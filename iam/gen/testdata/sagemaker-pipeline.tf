resource "aws_iam_role" "assize_sagemaker_pipeline" {
  name        = "assize-sagemaker-pipeline"
  description = "Execution role of pipelines"
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

resource "aws_iam_role_policy" "assize_sagemaker_pipeline" {
  name = "assize-sagemaker-pipeline-permissions"
  role = aws_iam_role.assize_sagemaker_pipeline.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadObjects"
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = [
          "arn:aws:s3:::acme-data/in/*",
          "arn:aws:s3:::acme-data/out/*",
        ]
      },
      {
        Sid    = "WriteObjects"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:PutObject",
        ]
        Resource = "arn:aws:s3:::acme-data/out/*"
      },
      {
        Sid      = "ListBucketA"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = "arn:aws:s3:::acme-data"
        Condition = {
          StringLike = {
            "s3:prefix" = [
              "in/*",
              "out/*",
            ]
          }
        }
      },
      {
        Sid    = "RunTrainingJobs"
        Effect = "Allow"
        Action = [
          "sagemaker:CreateTrainingJob",
          "sagemaker:DescribeTrainingJob",
          "sagemaker:StopTrainingJob",
        ]
        Resource = "arn:aws:sagemaker:us-east-1:111122223333:training-job/*"
      },
      {
        Sid    = "RunProcessingJobs"
        Effect = "Allow"
        Action = [
          "sagemaker:CreateProcessingJob",
          "sagemaker:DescribeProcessingJob",
          "sagemaker:StopProcessingJob",
        ]
        Resource = "arn:aws:sagemaker:us-east-1:111122223333:processing-job/*"
      },
      {
        Sid    = "RunTransformJobs"
        Effect = "Allow"
        Action = [
          "sagemaker:CreateTransformJob",
          "sagemaker:DescribeTransformJob",
          "sagemaker:StopTransformJob",
        ]
        Resource = "arn:aws:sagemaker:us-east-1:111122223333:transform-job/*"
      },
      {
        Sid    = "RunHyperParameterTuningJobs"
        Effect = "Allow"
        Action = [
          "sagemaker:CreateHyperParameterTuningJob",
          "sagemaker:DescribeHyperParameterTuningJob",
          "sagemaker:StopHyperParameterTuningJob",
        ]
        Resource = "arn:aws:sagemaker:us-east-1:111122223333:hyper-parameter-tuning-job/*"
      },
      {
        Sid      = "PassJobRoles"
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "arn:aws:iam::111122223333:role/train"
        Condition = {
          StringEquals = {
            "iam:PassedToService" = "sagemaker.amazonaws.com"
          }
        }
      },
    ]
  })
}
