resource "aws_iam_policy" "assize_specialised" {
  name        = "assize-specialised"
  description = "Use of costly models"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "InvokeModels"
        Effect = "Allow"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0"
      },
      {
        Sid    = "DenyOtherNetworks"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          StringNotEquals = {
            "aws:SourceVpce" = "vpce-0a1b2c3d"
          }
          Bool = {
            "aws:ViaAWSService" = "false"
          }
        }
      },
      {
        Sid    = "DenyWithoutSecondFactor"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          BoolIfExists = {
            "aws:MultiFactorAuthPresent" = "false"
          }
        }
      },
      {
        Sid    = "DenyOldSecondFactor"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          NumericGreaterThanIfExists = {
            "aws:MultiFactorAuthAge" = "900"
          }
        }
      },
    ]
  })
}
