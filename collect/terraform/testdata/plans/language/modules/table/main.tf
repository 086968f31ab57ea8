terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "name" {}

variable "key" {}

variable "recovery" {
  default = true
}

resource "aws_dynamodb_table" "this" {
  name         = replace(var.name, ".", "_")
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = var.recovery
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}

output "name" {
  value = aws_dynamodb_table.this.name
}

output "arn" {
  value = aws_dynamodb_table.this.arn
}
