resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "ml" {
  name   = "ml"
  vpc_id = aws_vpc.main.id
}

resource "aws_kms_key" "ml" {
  enable_key_rotation = true
}

resource "aws_iam_role" "ml" {
  name = "acme-sagemaker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

resource "aws_sagemaker_notebook_instance" "good" {
  name                   = "acme-research"
  role_arn               = aws_iam_role.ml.arn
  instance_type          = "ml.t3.medium"
  kms_key_id             = aws_kms_key.ml.key_id
  subnet_id              = aws_subnet.private.id
  security_groups        = [aws_security_group.ml.id]
  direct_internet_access = "Disabled"
  root_access            = "Disabled"
  platform_identifier    = "notebook-al2-v3"

  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}

resource "aws_sagemaker_notebook_instance" "bad" {
  name          = "acme-sandbox"
  role_arn      = aws_iam_role.ml.arn
  instance_type = "ml.t3.medium"
}

resource "aws_sagemaker_domain" "studio" {
  domain_name             = "acme-studio"
  auth_mode               = "IAM"
  vpc_id                  = aws_vpc.main.id
  subnet_ids              = [aws_subnet.private.id]
  app_network_access_type = "VpcOnly"
  kms_key_id              = aws_kms_key.ml.arn

  default_user_settings {
    execution_role  = aws_iam_role.ml.arn
    security_groups = [aws_security_group.ml.id]

    sharing_settings {
      notebook_output_option = "Disabled"
    }
  }
}

resource "aws_sagemaker_model" "isolated" {
  name                     = "acme-scoring"
  execution_role_arn       = aws_iam_role.ml.arn
  enable_network_isolation = true

  primary_container {
    image          = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/scoring:1"
    model_data_url = "s3://acme-training-data/scoring/model.tar.gz"
  }

  vpc_config {
    subnets            = [aws_subnet.private.id]
    security_group_ids = [aws_security_group.ml.id]
  }
}

resource "aws_sagemaker_model" "open" {
  name               = "acme-open"
  execution_role_arn = aws_iam_role.ml.arn

  container {
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/open:1"
  }
}

resource "aws_sagemaker_endpoint_configuration" "good" {
  name        = "acme-scoring"
  kms_key_arn = aws_kms_key.ml.arn

  production_variants {
    variant_name           = "main"
    model_name             = aws_sagemaker_model.isolated.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }

  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://acme-capture/"

    capture_options {
      capture_mode = "Input"
    }
    capture_options {
      capture_mode = "Output"
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "bad" {
  name = "acme-open"

  production_variants {
    model_name             = aws_sagemaker_model.open.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }
}

resource "aws_sagemaker_endpoint" "scoring" {
  name                 = "acme-scoring"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.good.name
}

resource "aws_sagemaker_feature_group" "customers" {
  feature_group_name             = "customers"
  record_identifier_feature_name = "id"
  event_time_feature_name        = "at"
  role_arn                       = aws_iam_role.ml.arn

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
      kms_key_id = aws_kms_key.ml.arn
    }
  }
}
