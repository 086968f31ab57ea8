resource "aws_iam_policy" "assize_general" {
  name        = "assize-general"
  description = "Use of approved foundation models"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "InvokeProfiles"
        Effect = "Allow"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = [
          "arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.anthropic.claude-sonnet-4-20250514-v1:0",
          "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0",
        ]
      },
      {
        Sid    = "InvokeThroughProfile1"
        Effect = "Allow"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = [
          "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
          "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
        ]
        Condition = {
          ArnEquals = {
            "bedrock:InferenceProfileArn" = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.anthropic.claude-sonnet-4-20250514-v1:0"
          }
        }
      },
      {
        Sid    = "InvokeThroughProfile2"
        Effect = "Allow"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = [
          "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
          "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
          "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
        ]
        Condition = {
          ArnEquals = {
            "bedrock:InferenceProfileArn" = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"
          }
        }
      },
      {
        Sid    = "ApplyGuardrails"
        Effect = "Allow"
        Action = "bedrock:ApplyGuardrail"
        Resource = [
          "arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1",
          "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123",
        ]
      },
      {
        Sid    = "DenyWithoutGuardrail"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          ArnNotLike = {
            "bedrock:GuardrailIdentifier" = [
              "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123",
              "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123:*",
            ]
          }
        }
      },
      {
        Sid    = "DenyOtherNetworks"
        Effect = "Deny"
        Action = [
          "bedrock:ApplyGuardrail",
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:SourceVpce" = "vpce-0a1b2c3d"
          }
          NotIpAddress = {
            "aws:SourceIp" = "203.0.113.0/24"
          }
          Bool = {
            "aws:ViaAWSService" = "false"
          }
        }
      },
      {
        Sid    = "DenyOtherTiers"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "bedrock:ServiceTier" = "priority"
          }
        }
      },
    ]
  })
}
