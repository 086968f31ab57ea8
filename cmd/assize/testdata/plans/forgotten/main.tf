# Everything here is taken out of the state and left in AWS: the account is guarded as before.
removed {
  from = aws_cloudtrail.main

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_s3_account_public_access_block.a

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_ebs_encryption_by_default.e

  lifecycle {
    destroy = false
  }
}

resource "aws_s3_bucket" "x" {
  bucket = "acme-x"
}
