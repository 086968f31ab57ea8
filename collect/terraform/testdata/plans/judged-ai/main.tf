# What is called good passes, what is called bad fails; see judged.txt beside this file.

resource "aws_kms_key" "this" {
  description         = "AI data"
  enable_key_rotation = true
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "this" {
  name   = "ai"
  vpc_id = aws_vpc.this.id
}

resource "aws_iam_role" "good" {
  name = "sagemaker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "good" {
  name = "good"
  role = aws_iam_role.good.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-data/*" }]
  })
}

resource "aws_iam_role" "bad" {
  name = "sagemaker-wide"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "bad" {
  name = "bad"
  role = aws_iam_role.bad.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "good" {
  name     = "good"
  on_start = base64encode("echo ready")
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "bad" {
  name     = "bad"
  on_start = base64encode("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY")
}

resource "aws_sagemaker_notebook_instance" "good" {
  name                   = "good"
  instance_type          = "ml.t3.medium"
  role_arn               = aws_iam_role.good.arn
  subnet_id              = aws_subnet.this.id
  security_groups        = [aws_security_group.this.id]
  kms_key_id             = aws_kms_key.this.arn
  direct_internet_access = "Disabled"
  root_access            = "Disabled"
  platform_identifier    = "notebook-al2-v3"
  lifecycle_config_name  = aws_sagemaker_notebook_instance_lifecycle_configuration.good.name
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}

resource "aws_sagemaker_notebook_instance" "bad" {
  name                = "bad"
  instance_type       = "ml.t3.medium"
  role_arn            = aws_iam_role.bad.arn
  platform_identifier = "notebook-al1-v1"
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "1"
  }
}

resource "aws_sagemaker_domain" "good" {
  domain_name             = "good"
  auth_mode               = "SSO"
  vpc_id                  = aws_vpc.this.id
  subnet_ids              = [aws_subnet.this.id]
  app_network_access_type = "VpcOnly"
  kms_key_id              = aws_kms_key.this.arn
  default_user_settings {
    execution_role = aws_iam_role.good.arn
  }
}

resource "aws_sagemaker_domain" "bad" {
  domain_name = "bad"
  auth_mode   = "IAM"
  vpc_id      = aws_vpc.this.id
  subnet_ids  = [aws_subnet.this.id]
  default_user_settings {
    execution_role = aws_iam_role.bad.arn
  }
}

resource "aws_sagemaker_model" "good" {
  name                     = "good"
  execution_role_arn       = aws_iam_role.good.arn
  enable_network_isolation = true
  primary_container {
    image          = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/model:1"
    model_data_url = "s3://acme-models/good.tar.gz"
  }
  vpc_config {
    subnets            = [aws_subnet.this.id]
    security_group_ids = [aws_security_group.this.id]
  }
}

resource "aws_sagemaker_model" "bad" {
  name               = "bad"
  execution_role_arn = aws_iam_role.bad.arn
  primary_container {
    image = "docker.io/library/model:latest"
  }
}

resource "aws_sagemaker_endpoint_configuration" "good" {
  name        = "good"
  kms_key_arn = aws_kms_key.this.arn
  production_variants {
    variant_name           = "a"
    model_name             = aws_sagemaker_model.good.name
    initial_instance_count = 2
    instance_type          = "ml.m5.large"
  }
  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://acme-capture/"
    kms_key_id                  = aws_kms_key.this.arn
    capture_options {
      capture_mode = "Input"
    }
    capture_options {
      capture_mode = "Output"
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "bad" {
  name = "bad"
  production_variants {
    variant_name           = "a"
    model_name             = aws_sagemaker_model.bad.name
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
  }
}

resource "aws_sagemaker_endpoint_configuration" "bad_capture" {
  name = "bad-capture"
  production_variants {
    variant_name           = "a"
    model_name             = aws_sagemaker_model.bad.name
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
  }
  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://acme-capture/"
    capture_options {
      capture_mode = "Input"
    }
  }
}

resource "aws_sagemaker_feature_group" "good" {
  feature_group_name             = "good"
  record_identifier_feature_name = "id"
  event_time_feature_name        = "at"
  role_arn                       = aws_iam_role.good.arn
  feature_definition {
    feature_name = "id"
    feature_type = "String"
  }
  feature_definition {
    feature_name = "at"
    feature_type = "String"
  }
  online_store_config {
    enable_online_store = true
    security_config {
      kms_key_id = aws_kms_key.this.arn
    }
  }
  offline_store_config {
    s3_storage_config {
      s3_uri     = "s3://acme-features/"
      kms_key_id = aws_kms_key.this.arn
    }
  }
  tags = { Owner = "ml", DataClassification = "internal" }
}

resource "aws_sagemaker_feature_group" "bad" {
  feature_group_name             = "bad"
  record_identifier_feature_name = "id"
  event_time_feature_name        = "at"
  role_arn                       = aws_iam_role.good.arn
  feature_definition {
    feature_name = "id"
    feature_type = "String"
  }
  feature_definition {
    feature_name = "at"
    feature_type = "String"
  }
  online_store_config {
    enable_online_store = true
  }
}

resource "aws_sagemaker_data_quality_job_definition" "good" {
  name     = "good"
  role_arn = aws_iam_role.good.arn
  data_quality_app_specification {
    image_uri = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/monitor:1"
  }
  data_quality_job_input {
    endpoint_input {
      endpoint_name = "chat"
    }
  }
  data_quality_job_output_config {
    kms_key_id = aws_kms_key.this.arn
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://acme-monitor/"
      }
    }
  }
  job_resources {
    cluster_config {
      instance_count    = 1
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
      volume_kms_key_id = aws_kms_key.this.arn
    }
  }
  network_config {
    enable_inter_container_traffic_encryption = true
    enable_network_isolation                  = true
  }
}

resource "aws_sagemaker_data_quality_job_definition" "bad" {
  name     = "bad"
  role_arn = aws_iam_role.good.arn
  data_quality_app_specification {
    image_uri = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/monitor:1"
  }
  data_quality_job_input {
    endpoint_input {
      endpoint_name = "chat"
    }
  }
  data_quality_job_output_config {
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://acme-monitor/"
      }
    }
  }
  job_resources {
    cluster_config {
      instance_count    = 1
      instance_type     = "ml.m5.large"
      volume_size_in_gb = 20
    }
  }
}

resource "aws_bedrock_guardrail" "good" {
  name                      = "good"
  blocked_input_messaging   = "no"
  blocked_outputs_messaging = "no"
  kms_key_arn               = aws_kms_key.this.arn
  content_policy_config {
    filters_config {
      type            = "HATE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
    filters_config {
      type            = "INSULTS"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
    filters_config {
      type            = "SEXUAL"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
    filters_config {
      type            = "VIOLENCE"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
    filters_config {
      type            = "MISCONDUCT"
      input_strength  = "HIGH"
      output_strength = "HIGH"
    }
    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "HIGH"
      output_strength = "NONE"
    }
  }
  contextual_grounding_policy_config {
    filters_config {
      type      = "GROUNDING"
      threshold = 0.8
    }
    filters_config {
      type      = "RELEVANCE"
      threshold = 0.8
    }
  }
  sensitive_information_policy_config {
    pii_entities_config {
      type   = "EMAIL"
      action = "ANONYMIZE"
    }
    pii_entities_config {
      type   = "CREDIT_DEBIT_CARD_NUMBER"
      action = "BLOCK"
    }
    pii_entities_config {
      type   = "PASSWORD"
      action = "BLOCK"
    }
  }
  topic_policy_config {
    topics_config {
      name       = "advice"
      type       = "DENY"
      definition = "Advice on investments."
    }
  }
  word_policy_config {
    managed_word_lists_config {
      type = "PROFANITY"
    }
  }
  tags = { Owner = "ml" }
}

resource "aws_bedrock_guardrail" "bad" {
  name                      = "bad"
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

resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Principal = { Service = "bedrock.amazonaws.com" }, Action = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" }, ArnLike = { "aws:SourceArn" = "arn:aws:bedrock:eu-central-1:111122223333:agent/*" } }
    }]
  })
}

resource "aws_iam_role" "agent_open" {
  name = "agent-open"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "bedrock.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_bedrockagent_agent" "good" {
  agent_name                  = "good"
  agent_resource_role_arn     = aws_iam_role.agent.arn
  foundation_model            = "anthropic.claude-3-5-sonnet-20240620-v1:0"
  instruction                 = "Answer questions about orders of our own customers only, and nothing else."
  idle_session_ttl_in_seconds = 600
  customer_encryption_key_arn = aws_kms_key.this.arn
  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.good.guardrail_id
    guardrail_version    = "1"
  }
  tags = { Owner = "ml" }
}

resource "aws_bedrockagent_agent" "bad" {
  agent_name                  = "bad"
  agent_resource_role_arn     = aws_iam_role.agent_open.arn
  foundation_model            = "anthropic.claude-3-5-sonnet-20240620-v1:0"
  instruction                 = "Use the key AKIAIOSFODNN7EXAMPLE with wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY for it."
  idle_session_ttl_in_seconds = 3600
}

resource "aws_bedrockagent_agent_action_group" "bad" {
  agent_id                      = aws_bedrockagent_agent.bad.agent_id
  agent_version                 = "DRAFT"
  action_group_name             = "code"
  parent_action_group_signature = "AMAZON.UserInput"
  skip_resource_in_use_check    = true
}

resource "aws_bedrockagent_prompt" "good" {
  name                        = "good"
  customer_encryption_key_arn = aws_kms_key.this.arn
  tags                        = { Owner = "ml" }
}

resource "aws_bedrockagent_prompt" "bad" {
  name = "bad"
}

resource "aws_cloudwatch_log_group" "bedrock" {
  name              = "/acme/bedrock"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_bedrock_model_invocation_logging_configuration" "good" {
  logging_config {
    cloudwatch_config {
      log_group_name = aws_cloudwatch_log_group.bedrock.name
      role_arn       = aws_iam_role.agent.arn
    }
    s3_config {
      bucket_name = "acme-bedrock-logs"
      key_prefix  = "calls"
    }
  }
}

resource "aws_kendra_index" "good" {
  name                = "good"
  role_arn            = aws_iam_role.good.arn
  user_context_policy = "USER_TOKEN"
  server_side_encryption_configuration {
    kms_key_id = aws_kms_key.this.arn
  }
  user_token_configurations {
    jwt_token_type_configuration {
      key_location = "URL"
      url          = "https://login.example.org/jwks"
    }
  }
}

resource "aws_kendra_index" "bad" {
  name     = "bad"
  role_arn = aws_iam_role.good.arn
}

resource "aws_comprehend_document_classifier" "good" {
  name                 = "good"
  data_access_role_arn = aws_iam_role.good.arn
  language_code        = "en"
  model_kms_key_id     = aws_kms_key.this.arn
  volume_kms_key_id    = aws_kms_key.this.arn
  input_data_config {
    s3_uri = "s3://acme-data/in"
  }
  output_data_config {
    s3_uri     = "s3://acme-data/out"
    kms_key_id = aws_kms_key.this.arn
  }
  vpc_config {
    security_group_ids = [aws_security_group.this.id]
    subnets            = [aws_subnet.this.id]
  }
}

resource "aws_comprehend_document_classifier" "bad" {
  name                 = "bad"
  data_access_role_arn = aws_iam_role.good.arn
  language_code        = "en"
  input_data_config {
    s3_uri = "s3://acme-data/in"
  }
}

resource "aws_rekognition_project" "good" {
  name = "good"
}

resource "aws_opensearchserverless_collection" "good" {
  name             = "good"
  type             = "VECTORSEARCH"
  standby_replicas = "ENABLED"
}

resource "aws_opensearchserverless_collection" "bad" {
  name             = "bad"
  type             = "VECTORSEARCH"
  standby_replicas = "DISABLED"
}

resource "aws_opensearchserverless_security_policy" "keys" {
  name = "keys"
  type = "encryption"
  policy = jsonencode({
    Rules       = [{ ResourceType = "collection", Resource = ["collection/*"] }]
    AWSOwnedKey = true
  })
}

resource "aws_opensearchserverless_security_policy" "public" {
  name = "public"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/${aws_opensearchserverless_collection.bad.name}"] }]
    AllowFromPublic = true
  }])
}

resource "aws_opensearchserverless_access_policy" "wide" {
  name = "wide"
  type = "data"
  policy = jsonencode([{
    Rules     = [{ ResourceType = "index", Resource = ["index/bad/*"], Permission = ["aoss:*"] }]
    Principal = ["arn:aws:iam::111122223333:role/agents"]
  }])
}
