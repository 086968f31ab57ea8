resource "aws_iam_role" "assize_sagemaker_notebook" {
  name        = "assize-sagemaker-notebook"
  description = "Execution role of notebook instances"
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

resource "aws_iam_role_policy" "assize_sagemaker_notebook" {
  name = "assize-sagemaker-notebook-permissions"
  role = aws_iam_role.assize_sagemaker_notebook.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadObjects"
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = [
          "arn:aws:s3:::acme-data/*",
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
      },
      {
        Sid    = "CreateLogGroup"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:DescribeLogStreams",
        ]
        Resource = [
          "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/NotebookInstances",
          "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/NotebookInstances:*",
        ]
      },
      {
        Sid    = "WriteLogs"
        Effect = "Allow"
        Action = [
          "logs:CreateLogStream",
          "logs:PutLogEvents",
        ]
        Resource = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/NotebookInstances:log-stream:*"
      },
      {
        Sid      = "WriteMetrics"
        Effect   = "Allow"
        Action   = "cloudwatch:PutMetricData"
        Resource = "*"
        Condition = {
          StringEquals = {
            "cloudwatch:namespace" = "/aws/sagemaker/NotebookInstances"
            "aws:RequestedRegion"  = "us-east-1"
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
