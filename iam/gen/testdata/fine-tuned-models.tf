resource "aws_iam_policy" "assize_fine_tuned" {
  name        = "assize-fine-tuned"
  description = "Use of models of one's own"
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
        Resource = [
          "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/def",
          "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc",
        ]
        Condition = {
          StringEquals = {
            "aws:ResourceTag/team" = "blue"
          }
        }
      },
      {
        Sid      = "ApplyGuardrails"
        Effect   = "Allow"
        Action   = "bedrock:ApplyGuardrail"
        Resource = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123"
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
            "bedrock:GuardrailIdentifier" = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123:3"
          }
        }
      },
      {
        Sid    = "DenyRetagging"
        Effect = "Deny"
        Action = [
          "bedrock:TagResource",
          "bedrock:UntagResource",
        ]
        Resource = "*"
      },
    ]
  })
}
