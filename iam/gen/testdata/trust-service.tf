resource "aws_iam_role" "assize_trust" {
  name        = "assize-trust"
  description = "Who may assume the role assize-trust"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TrustService"
        Effect = "Allow"
        Principal = {
          Service = "bedrock.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = "111122223333"
          }
          ArnLike = {
            "aws:SourceArn" = "arn:aws:bedrock:us-east-1:111122223333:knowledge-base/*"
          }
        }
      },
    ]
  })
}
