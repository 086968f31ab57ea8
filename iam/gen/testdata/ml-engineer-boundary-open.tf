resource "aws_iam_policy" "assize_ml_engineer_boundary" {
  name        = "assize-ml-engineer-boundary"
  description = "Most that an ML engineer may be given"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WorkInRegions"
        Effect = "Allow"
        Action = [
          "sagemaker:*",
          "cloudwatch:GetMetricData",
          "cloudwatch:GetMetricStatistics",
          "cloudwatch:ListMetrics",
          "cloudwatch:PutMetricData",
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:DescribeImages",
          "ecr:DescribeRepositories",
          "ecr:GetAuthorizationToken",
          "ecr:GetDownloadUrlForLayer",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey",
          "logs:DescribeLogGroups",
          "logs:DescribeLogStreams",
          "logs:FilterLogEvents",
          "logs:GetLogEvents",
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetBucketLocation",
          "s3:GetObject",
          "s3:ListBucket",
          "s3:PutObject",
        ]
        Resource = "*"
        Condition = {
          StringEquals = {
            "aws:RequestedRegion" = [
              "eu-central-1",
              "us-east-1",
            ]
          }
        }
      },
      {
        Sid      = "LetServicesUseKeys"
        Effect   = "Allow"
        Action   = "kms:CreateGrant"
        Resource = "*"
        Condition = {
          Bool = {
            "kms:GrantIsForAWSResource" = "true"
          }
          StringEquals = {
            "aws:RequestedRegion" = [
              "eu-central-1",
              "us-east-1",
            ]
          }
        }
      },
      {
        Sid    = "SeeRoles"
        Effect = "Allow"
        Action = [
          "iam:GetRole",
          "iam:ListRoles",
        ]
        Resource = "*"
      },
      {
        Sid      = "PassRoles"
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "arn:aws:iam::111122223333:role/*"
        Condition = {
          StringEquals = {
            "iam:PassedToService" = [
              "bedrock.amazonaws.com",
              "sagemaker.amazonaws.com",
            ]
          }
        }
      },
      {
        Sid    = "ChangeRolesUnderBoundary"
        Effect = "Allow"
        Action = [
          "iam:AttachRolePolicy",
          "iam:CreateRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:PutRolePermissionsBoundary",
          "iam:PutRolePolicy",
        ]
        Resource = "arn:aws:iam::111122223333:role/*"
        Condition = {
          StringEquals = {
            "iam:PermissionsBoundary" = "arn:aws:iam::111122223333:policy/assize-ml-engineer-boundary"
          }
        }
      },
      {
        Sid    = "DenyGovernance"
        Effect = "Deny"
        Action = [
          "bedrock-mantle:CallWithBearerToken",
          "bedrock:CallWithBearerToken",
          "sagemaker:CallWithBearerToken",
          "sagemaker:CreateLineageGroupPolicy",
          "sagemaker:DeleteLineageGroupPolicy",
          "sagemaker:DeleteModelPackageGroupPolicy",
          "sagemaker:DeleteMonitoringSchedule",
          "sagemaker:DeleteResourcePolicy",
          "sagemaker:DisableSagemakerServicecatalogPortfolio",
          "sagemaker:EnableSagemakerServicecatalogPortfolio",
          "sagemaker:PutLineageGroupPolicy",
          "sagemaker:PutModelPackageGroupPolicy",
          "sagemaker:PutResourcePolicy",
          "sagemaker:StopMonitoringSchedule",
          "sagemaker:UpdateModelPackage",
          "sagemaker:UpdateMonitoringAlert",
        ]
        Resource = "*"
      },
      {
        Sid    = "DenyOtherInference"
        Effect = "Deny"
        Action = [
          "bedrock:CreateModelInvocationJob",
          "bedrock-mantle:CreateInference",
        ]
        Resource = "*"
      },
      {
        Sid      = "DenyNotebooksOnInternet"
        Effect   = "Deny"
        Action   = "sagemaker:CreateNotebookInstance"
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "sagemaker:DirectInternetAccess" = "Disabled"
          }
        }
      },
      {
        Sid      = "DenyNotebooksWithRoot"
        Effect   = "Deny"
        Action   = "sagemaker:CreateNotebookInstance"
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "sagemaker:RootAccess" = "Disabled"
          }
        }
      },
      {
        Sid      = "DenyGivingRoot"
        Effect   = "Deny"
        Action   = "sagemaker:UpdateNotebookInstance"
        Resource = "*"
        Condition = {
          StringEquals = {
            "sagemaker:RootAccess" = "Enabled"
          }
        }
      },
    ]
  })
}
