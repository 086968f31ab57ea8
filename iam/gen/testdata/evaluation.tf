resource "aws_iam_policy" "assize_evaluation" {
  name        = "assize-evaluation"
  description = "Evaluation of models in a sandbox"
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
        Resource = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
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
          NotIpAddress = {
            "aws:SourceIp" = [
              "2001:db8::/32",
              "203.0.113.0/24",
            ]
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
            "bedrock:ServiceTier" = [
              "default",
              "flex",
            ]
          }
          "Null" = {
            "bedrock:ServiceTier" = "false"
          }
        }
      },
      {
        Sid    = "DenyOtherUnits"
        Effect = "Deny"
        Action = [
          "bedrock:InvokeModel",
          "bedrock:InvokeModelWithResponseStream",
        ]
        Resource = "*"
        Condition = {
          "ForAllValues:StringNotLike" = {
            "aws:PrincipalOrgPaths" = "o-abcdefghij/r-abcd/ou-abcd-12345678/*"
          }
        }
      },
      {
        Sid    = "DenyCustomerData"
        Effect = "Deny"
        Action = [
          "bedrock:AgenticRetrieveStream",
          "bedrock:GetDocumentContent",
          "bedrock:GetKnowledgeBaseDocuments",
          "bedrock:Retrieve",
          "bedrock:RetrieveAndGenerate",
        ]
        Resource = "*"
      },
    ]
  })
}
