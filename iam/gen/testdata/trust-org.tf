resource "aws_iam_role" "assize_trust" {
  name        = "assize-trust"
  description = "Who may assume the role assize-trust"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TrustRoles"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::444455556666:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:PrincipalOrgID" = "o-abcdefghij"
          }
        }
      },
    ]
  })
}
