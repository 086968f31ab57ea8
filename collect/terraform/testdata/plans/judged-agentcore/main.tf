# Provider 6.25.0, which is not at hand where the tests run: the plan beside this file is written by hand, in the shape that the
# provider's schema gives it.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.25.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

resource "aws_kms_key" "this" {
  description             = "agents"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_bedrockagentcore_agent_runtime" "good" {
  agent_runtime_name = "good"
  role_arn           = "arn:aws:iam::111122223333:role/agents"
  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/agent:1"
    }
  }
  network_configuration {
    network_mode = "VPC"
    network_mode_config {
      security_groups = ["sg-0a1b2c3d4e5f60718"]
      subnets         = ["subnet-0a1b2c3d4e5f60718"]
    }
  }
  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url    = "https://id.example.com/.well-known/openid-configuration"
      allowed_audience = ["agents"]
    }
  }
}

resource "aws_bedrockagentcore_agent_runtime" "bad" {
  agent_runtime_name = "bad"
  role_arn           = "arn:aws:iam::111122223333:role/agents"
  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/agent:1"
    }
  }
  network_configuration {
    network_mode = "PUBLIC"
  }
}

resource "aws_bedrockagentcore_browser" "good" {
  name               = "good"
  execution_role_arn = "arn:aws:iam::111122223333:role/agents"
  network_configuration {
    network_mode = "VPC"
    vpc_config {
      security_groups = ["sg-0a1b2c3d4e5f60718"]
      subnets         = ["subnet-0a1b2c3d4e5f60718"]
    }
  }
  recording {
    enabled = true
    s3_location {
      bucket = "recordings"
      prefix = "browser/"
    }
  }
}

resource "aws_bedrockagentcore_browser" "bad" {
  name = "bad"
  network_configuration {
    network_mode = "PUBLIC"
  }
}

resource "aws_bedrockagentcore_code_interpreter" "good" {
  name               = "good"
  execution_role_arn = "arn:aws:iam::111122223333:role/agents"
  network_configuration {
    network_mode = "VPC"
    vpc_config {
      security_groups = ["sg-0a1b2c3d4e5f60718"]
      subnets         = ["subnet-0a1b2c3d4e5f60718"]
    }
  }
}

resource "aws_bedrockagentcore_code_interpreter" "bad" {
  name = "bad"
  network_configuration {
    network_mode = "SANDBOX"
  }
}

resource "aws_bedrockagentcore_gateway" "good" {
  name            = "good"
  role_arn        = "arn:aws:iam::111122223333:role/agents"
  kms_key_arn     = aws_kms_key.this.arn
  protocol_type   = "MCP"
  authorizer_type = "CUSTOM_JWT"
  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url   = "https://id.example.com/.well-known/openid-configuration"
      allowed_clients = ["agents"]
    }
  }
}

resource "aws_bedrockagentcore_gateway" "bad" {
  name            = "bad"
  role_arn        = "arn:aws:iam::111122223333:role/agents"
  protocol_type   = "MCP"
  authorizer_type = "NONE"
  exception_level = "DEBUG"
}

resource "aws_bedrockagentcore_gateway_target" "good" {
  name               = "good"
  gateway_identifier = aws_bedrockagentcore_gateway.good.gateway_id
  credential_provider_configuration {
    gateway_iam_role {}
  }
  target_configuration {
    mcp {
      open_api_schema {
        s3 {
          uri = "s3://tools/orders.json"
        }
      }
    }
  }
}

resource "aws_bedrockagentcore_gateway_target" "bad" {
  name               = "bad"
  gateway_identifier = aws_bedrockagentcore_gateway.good.gateway_id
  target_configuration {
    mcp {
      mcp_server {
        endpoint = "https://tools.example.com/mcp"
      }
    }
  }
}

resource "aws_bedrockagentcore_memory" "good" {
  name                      = "good"
  event_expiry_duration     = 30
  encryption_key_arn        = aws_kms_key.this.arn
  memory_execution_role_arn = "arn:aws:iam::111122223333:role/agents"
}

resource "aws_bedrockagentcore_memory" "bad" {
  name                  = "bad"
  event_expiry_duration = 365
}

resource "aws_bedrockagentcore_memory_strategy" "good" {
  name       = "facts"
  type       = "SEMANTIC"
  memory_id  = aws_bedrockagentcore_memory.good.id
  namespaces = ["/users/{actorId}/facts"]
}

resource "aws_bedrockagentcore_memory_strategy" "bad" {
  name       = "facts"
  type       = "SEMANTIC"
  memory_id  = aws_bedrockagentcore_memory.bad.id
  namespaces = ["/facts"]
}

resource "aws_bedrockagent_flow" "good" {
  name                        = "good"
  execution_role_arn          = "arn:aws:iam::111122223333:role/agents"
  customer_encryption_key_arn = aws_kms_key.this.arn
  definition {
    node {
      name = "answer"
      type = "Prompt"
      configuration {
        prompt {
          guardrail_configuration {
            guardrail_identifier = "gr1234567890"
            guardrail_version    = "1"
          }
          source_configuration {
            inline {
              model_id      = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
              template_type = "TEXT"
              template_configuration {
                text {
                  text = "Answer: {{q}}"
                  input_variable {
                    name = "q"
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

resource "aws_bedrockagent_flow" "bad" {
  name               = "bad"
  execution_role_arn = "arn:aws:iam::111122223333:role/agents"
  definition {
    node {
      name = "answer"
      type = "Prompt"
      configuration {
        prompt {
          source_configuration {
            inline {
              model_id      = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
              template_type = "TEXT"
              template_configuration {
                text {
                  text = "Answer: {{q}}"
                  input_variable {
                    name = "q"
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
