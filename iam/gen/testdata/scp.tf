resource "aws_organizations_policy" "assize_scp_regions" {
  name        = "assize-scp-regions"
  description = "Approved Regions, and cross-Region inference by approved profiles"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "DenyOtherRegions"
        Effect = "Deny"
        NotAction = [
          "account:*",
          "artifact:*",
          "aws-marketplace:*",
          "billing:*",
          "budgets:*",
          "ce:*",
          "cloudfront:*",
          "consolidatedbilling:*",
          "cur:*",
          "freetier:*",
          "globalaccelerator:*",
          "health:*",
          "iam:*",
          "invoicing:*",
          "networkmanager:*",
          "notifications:*",
          "organizations:*",
          "payments:*",
          "pricing:*",
          "purchase-orders:*",
          "route53:*",
          "route53domains:*",
          "savingsplans:*",
          "shield:*",
          "sso:*",
          "sts:*",
          "support:*",
          "tax:*",
          "trustedadvisor:*",
          "waf:*",
          "ec2:DescribeRegions",
          "s3:ListAllMyBuckets",
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = [
              "us-east-1",
              "us-west-2",
            ]
          }
          ArnNotEquals = {
            "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/Privileged"
          }
        }
      },
      {
        Sid    = "DenyInferenceInOtherRegions"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:RequestedRegion" = [
              "us-east-1",
              "us-west-2",
            ]
          }
          "Null" = {
            "bedrock:InferenceProfileArn" = "true"
          }
          ArnNotEquals = {
            "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/Privileged"
          }
        }
      },
      {
        Sid    = "DenyInferenceProfiles"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          "Null" = {
            "bedrock:InferenceProfileArn" = "false"
          }
          ArnNotEquals = {
            "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/Privileged"
          }
        }
      },
    ]
  })
}

resource "aws_organizations_policy" "assize_scp_models" {
  name        = "assize-scp-models"
  description = "Approved models"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "DenyOtherModels"
        Effect = "Deny"
        Action = [
          "bedrock:CreateModelInvocationJob",
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        NotResource = [
          "arn:aws:bedrock:*:*:application-inference-profile/*",
          "arn:aws:bedrock:*:*:async-invoke/*",
          "arn:aws:bedrock:*:*:inference-profile/*.anthropic.claude-3-haiku-20240307-v1:0",
          "arn:aws:bedrock:*:*:model-invocation-job/*",
          "arn:aws:bedrock:*:*:project/*",
          "arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
        ]
      },
      {
        Sid    = "DenyOtherMantleModels"
        Effect = "Deny"
        Action = [
          "bedrock-mantle:CountTokens",
          "bedrock-mantle:CreateFineTuningJob",
          "bedrock-mantle:CreateInference",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "bedrock-mantle:Model" = "anthropic.claude-3-haiku-20240307-v1:0"
          }
        }
      },
    ]
  })
}
