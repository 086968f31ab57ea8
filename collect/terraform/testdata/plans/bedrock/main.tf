resource "aws_kms_key" "ai" {
  enable_key_rotation = true
}

resource "aws_iam_role" "agent" {
  name_prefix = "acme-agent-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock.amazonaws.com" }
    }]
  })
}

resource "aws_bedrock_guardrail" "good" {
  name                      = "acme-default"
  blocked_input_messaging   = "That is not possible here."
  blocked_outputs_messaging = "That is not possible here."
  kms_key_arn               = aws_kms_key.ai.arn

  content_policy_config {
    dynamic "filters_config" {
      for_each = ["SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT"]
      content {
        type            = filters_config.value
        input_strength  = "HIGH"
        output_strength = "HIGH"
      }
    }
    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "HIGH"
      output_strength = "NONE"
    }
  }

  sensitive_information_policy_config {
    pii_entities_config {
      type   = "EMAIL"
      action = "ANONYMIZE"
    }
  }

  topic_policy_config {
    topics_config {
      name       = "investment advice"
      type       = "DENY"
      definition = "Advice on what to buy or sell."
    }
  }

  word_policy_config {
    managed_word_lists_config {
      type = "PROFANITY"
    }
  }
}

resource "aws_bedrock_guardrail" "weak" {
  name                      = "acme-weak"
  blocked_input_messaging   = "no"
  blocked_outputs_messaging = "no"

  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "LOW"
      output_strength = "NONE"
    }
  }
}

resource "aws_bedrock_guardrail_version" "good" {
  guardrail_arn = aws_bedrock_guardrail.good.guardrail_arn
}

resource "aws_bedrockagent_agent" "good" {
  agent_name                  = "acme-support"
  agent_resource_role_arn     = aws_iam_role.agent.arn
  foundation_model            = "anthropic.claude-3-5-sonnet-20240620-v1:0"
  instruction                 = "Answer questions of customers about their orders, and nothing else at all."
  customer_encryption_key_arn = aws_kms_key.ai.arn
  idle_session_ttl_in_seconds = 600

  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.good.guardrail_id
    guardrail_version    = aws_bedrock_guardrail_version.good.version
  }
}

resource "aws_bedrockagent_agent" "bad" {
  agent_name              = "acme-sandbox"
  agent_resource_role_arn = aws_iam_role.agent.arn
  foundation_model        = "anthropic.claude-3-5-sonnet-20240620-v1:0"
  instruction             = "Answer whatever you are asked, in as much detail as you possibly can."
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  agent_id          = aws_bedrockagent_agent.good.agent_id
  agent_version     = "DRAFT"
  action_group_name = "orders"

  action_group_executor {
    custom_control = "RETURN_CONTROL"
  }

  function_schema {
    member_functions {
      functions {
        name        = "find"
        description = "finds an order"
        parameters {
          map_block_key = "number"
          type          = "integer"
          required      = true
        }
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "invocations" {
  name              = "/acme/bedrock"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.ai.arn
}

resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config {
    embedding_data_delivery_enabled = true
    image_data_delivery_enabled     = true
    text_data_delivery_enabled      = true

    cloudwatch_config {
      log_group_name = aws_cloudwatch_log_group.invocations.name
      role_arn       = aws_iam_role.agent.arn
    }
  }
}

resource "aws_s3_bucket" "knowledge" {
  bucket_prefix = "acme-knowledge-"
}

resource "aws_bedrockagent_knowledge_base" "orders" {
  name     = "orders"
  role_arn = aws_iam_role.agent.arn

  knowledge_base_configuration {
    type = "VECTOR"
    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-embed-text-v2:0"
    }
  }

  storage_configuration {
    type = "OPENSEARCH_SERVERLESS"
    opensearch_serverless_configuration {
      collection_arn    = "arn:aws:aoss:eu-central-1:111122223333:collection/142bezjddq707i5stcrf"
      vector_index_name = "orders"
      field_mapping {
        vector_field   = "v"
        text_field     = "t"
        metadata_field = "m"
      }
    }
  }
}

resource "aws_bedrockagent_data_source" "orders" {
  knowledge_base_id = aws_bedrockagent_knowledge_base.orders.id
  name              = "orders"

  data_source_configuration {
    type = "S3"
    s3_configuration {
      bucket_arn = aws_s3_bucket.knowledge.arn
    }
  }

  server_side_encryption_configuration {
    kms_key_arn = aws_kms_key.ai.arn
  }
}

resource "aws_bedrock_custom_model" "tuned" {
  custom_model_name     = "acme-tuned"
  job_name              = "acme-tuned-1"
  base_model_identifier = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-text-express-v1"
  role_arn              = aws_iam_role.agent.arn
  hyperparameters = {
    epochCount = "1"
  }

  output_data_config {
    s3_uri = "s3://${aws_s3_bucket.knowledge.id}/out/"
  }
  training_data_config {
    s3_uri = "s3://${aws_s3_bucket.knowledge.id}/train.jsonl"
  }
}
