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
            "aws:PrincipalAccount" = "111122223333"
          }
        }
      },
    ]
  })
}
