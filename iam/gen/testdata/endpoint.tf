variable "vpc_endpoint_id" {
  type        = string
  description = "Endpoint of bedrock-runtime: vpce-..."
}

resource "aws_vpc_endpoint_policy" "assize_endpoint" {
  vpc_endpoint_id = var.vpc_endpoint_id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "InvokeModels"
        Effect    = "Allow"
        Principal = "*"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID" = "o-abcdefghij"
          }
        }
      },
      {
        Sid       = "InvokeProfiles"
        Effect    = "Allow"
        Principal = "*"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID" = "o-abcdefghij"
          }
        }
      },
      {
        Sid       = "InvokeThroughProfile1"
        Effect    = "Allow"
        Principal = "*"
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
          StringEquals = {
            "aws:PrincipalOrgID" = "o-abcdefghij"
          }
          ArnEquals = {
            "bedrock:InferenceProfileArn" = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"
          }
        }
      },
      {
        Sid       = "ApplyGuardrails"
        Effect    = "Allow"
        Principal = "*"
        Action    = "bedrock:ApplyGuardrail"
        Resource  = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123"
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID" = "o-abcdefghij"
          }
        }
      },
      {
        Sid       = "DenyWithoutGuardrail"
        Effect    = "Deny"
        Principal = "*"
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
    ]
  })
}
