# What is called good passes, what is called bad fails, of what is called open the plan does not say enough; see
# judged.txt beside this file.

# What APIs lead to.

resource "aws_lambda_function" "model" {
  function_name = "model"
  role          = "arn:aws:iam::111122223333:role/model"
  handler       = "index.handler"
  runtime       = "python3.13"
  s3_bucket     = "acme-code"
  s3_key        = "model.zip"
}

resource "aws_lb" "models" {
  name            = "models"
  internal        = true
  subnets         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  security_groups = ["sg-0a1b2c3d4e5f60001"]
}

locals {
  apis = {
    good     = { type = "HTTP_PROXY", uri = "https://models.example.com/invoke", connection = null }
    bad      = { type = "HTTP_PROXY", uri = "http://models.example.com/invoke", connection = null }
    capitals = { type = "HTTP", uri = "HTTP://models.example.com/invoke", connection = "INTERNET" }
    private  = { type = "HTTP_PROXY", uri = "http://models.example.com/invoke", connection = "VPC_LINK" }
    function = { type = "AWS_PROXY", uri = aws_lambda_function.model.invoke_arn, connection = null }
    mock     = { type = "MOCK", uri = null, connection = null }
    open     = { type = "HTTP_PROXY", uri = "${aws_lb.models.dns_name}/invoke", connection = null }
  }
}

resource "aws_api_gateway_rest_api" "this" {
  for_each = local.apis
  name     = each.key
}

resource "aws_api_gateway_integration" "this" {
  for_each                = local.apis
  rest_api_id             = aws_api_gateway_rest_api.this[each.key].id
  resource_id             = aws_api_gateway_rest_api.this[each.key].root_resource_id
  http_method             = "POST"
  integration_http_method = "POST"
  type                    = each.value.type
  uri                     = each.value.uri
  connection_type         = each.value.connection
  connection_id           = each.value.connection == null ? null : "abcdef"
}

# One good integration beside a bad one.
resource "aws_api_gateway_integration" "second" {
  rest_api_id             = aws_api_gateway_rest_api.this["bad"].id
  resource_id             = aws_api_gateway_rest_api.this["bad"].root_resource_id
  http_method             = "GET"
  integration_http_method = "GET"
  type                    = "HTTP_PROXY"
  uri                     = "https://models.example.com/list"
}

# What it leads to stands in a body that is not read.
resource "aws_api_gateway_rest_api" "body" {
  name = "body"
  body = jsonencode({ openapi = "3.0.1", info = { title = "body", version = "1" }, paths = {} })
}

resource "aws_apigatewayv2_api" "this" {
  for_each      = local.apis
  name          = each.key
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each           = local.apis
  api_id             = aws_apigatewayv2_api.this[each.key].id
  integration_type   = each.value.type
  integration_uri    = each.value.uri
  integration_method = "POST"
  connection_type    = each.value.connection
  connection_id      = each.value.connection == null ? null : "abcdef"
}

# Web ACLs.

locals {
  managed = {
    common = { group = "AWSManagedRulesCommonRuleSet", count = false, override = null, only = false }
    inputs = { group = "AWSManagedRulesKnownBadInputsRuleSet", count = false, override = null, only = false }
    sql    = { group = "AWSManagedRulesSQLiRuleSet", count = false, override = null, only = false }
  }
  acls = {
    good    = local.managed
    sizes   = merge(local.managed, { common = merge(local.managed.common, { override = "SizeRestrictions_BODY" }) })
    counted = merge(local.managed, { sql = merge(local.managed.sql, { count = true }) })
    lacking = { common = local.managed.common }
    relaxed = merge(local.managed, { sql = merge(local.managed.sql, { override = "SQLi_BODY" }) })
    scoped  = merge(local.managed, { inputs = merge(local.managed.inputs, { only = true }) })
  }
}

resource "aws_wafv2_web_acl" "managed" {
  for_each = local.acls
  name     = each.key
  scope    = "REGIONAL"
  default_action {
    allow {}
  }
  dynamic "rule" {
    for_each = each.value
    content {
      name     = rule.key
      priority = index(keys(each.value), rule.key)
      override_action {
        dynamic "count" {
          for_each = rule.value.count ? [1] : []
          content {}
        }
        dynamic "none" {
          for_each = rule.value.count ? [] : [1]
          content {}
        }
      }
      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.value.group
          dynamic "rule_action_override" {
            for_each = rule.value.override[*]
            content {
              name = rule_action_override.value
              action_to_use {
                count {}
              }
            }
          }
          dynamic "scope_down_statement" {
            for_each = rule.value.only ? [1] : []
            content {
              geo_match_statement {
                country_codes = ["DE"]
              }
            }
          }
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = each.key
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_rule_group" "own" {
  name     = "own"
  scope    = "REGIONAL"
  capacity = 10
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "own"
    sampled_requests_enabled   = true
  }
}

locals {
  limits = {
    good    = { limit = 500, counts = false, group = false }
    counted = { limit = 500, counts = true, group = false }
    none    = { limit = null, counts = false, group = false }
    open    = { limit = null, counts = false, group = true }
  }
}

resource "aws_wafv2_web_acl" "limit" {
  for_each = local.limits
  name     = "limit-${each.key}"
  scope    = "REGIONAL"
  default_action {
    allow {}
  }
  dynamic "rule" {
    for_each = each.value.limit[*]
    content {
      name     = "flood"
      priority = 1
      action {
        dynamic "block" {
          for_each = each.value.counts ? [] : [1]
          content {}
        }
        dynamic "count" {
          for_each = each.value.counts ? [1] : []
          content {}
        }
      }
      statement {
        rate_based_statement {
          limit = rule.value
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "flood"
        sampled_requests_enabled   = true
      }
    }
  }
  dynamic "rule" {
    for_each = each.value.group ? [1] : []
    content {
      name     = "own"
      priority = 2
      override_action {
        none {}
      }
      statement {
        rule_group_reference_statement {
          arn = aws_wafv2_rule_group.own.arn
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "own"
        sampled_requests_enabled   = true
      }
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = each.key
    sampled_requests_enabled   = true
  }
}

# Stages, behind a web ACL that turns large bodies away, and behind one that does not.

resource "aws_api_gateway_method" "open" {
  for_each      = toset(["good", "bad"])
  rest_api_id   = aws_api_gateway_rest_api.this[each.key].id
  resource_id   = aws_api_gateway_rest_api.this[each.key].root_resource_id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_stage" "unguarded" {
  stage_name    = "unguarded"
  rest_api_id   = aws_api_gateway_rest_api.this["bad"].id
  deployment_id = aws_api_gateway_deployment.this.id
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this["good"].id
}

resource "aws_api_gateway_stage" "this" {
  for_each      = toset(["good", "sizes"])
  stage_name    = each.key
  rest_api_id   = aws_api_gateway_rest_api.this["good"].id
  deployment_id = aws_api_gateway_deployment.this.id
}

resource "aws_wafv2_web_acl_association" "this" {
  for_each     = aws_api_gateway_stage.this
  resource_arn = each.value.arn
  web_acl_arn  = aws_wafv2_web_acl.managed[each.key].arn
}

resource "aws_api_gateway_stage" "alone" {
  stage_name    = "alone"
  rest_api_id   = aws_api_gateway_rest_api.this["good"].id
  deployment_id = aws_api_gateway_deployment.this.id
}

resource "aws_wafv2_web_acl_logging_configuration" "sizes" {
  resource_arn            = aws_wafv2_web_acl.managed["sizes"].arn
  log_destination_configs = ["arn:aws:s3:::aws-waf-logs-acme"]
}

# Amazon Inspector.

resource "aws_inspector2_enabler" "this" {
  account_ids    = ["111122223333"]
  resource_types = ["ECR", "LAMBDA", "LAMBDA_CODE"]
}

# Who may call functions.

locals {
  callers = {
    nobody   = { principal = null, source = null, qualifier = null }
    everyone = { principal = "*", source = null, qualifier = null }
    service  = { principal = "s3.amazonaws.com", source = "arn:aws:s3:::acme-data", qualifier = null }
    api      = { principal = "apigateway.amazonaws.com", source = "${aws_api_gateway_rest_api.this["good"].execution_arn}/*/*", qualifier = null }
    account  = { principal = "444455556666", source = null, qualifier = null }
    alias    = { principal = "*", source = null, qualifier = "live" }
  }
}

resource "aws_lambda_function" "called" {
  for_each      = local.callers
  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/model"
  handler       = "index.handler"
  runtime       = "python3.13"
  s3_bucket     = "acme-code"
  s3_key        = "model.zip"
}

resource "aws_lambda_permission" "called" {
  for_each      = { for name, c in local.callers : name => c if c.principal != null }
  function_name = aws_lambda_function.called[each.key].function_name
  action        = "lambda:InvokeFunction"
  principal     = each.value.principal
  source_arn    = each.value.source
  qualifier     = each.value.qualifier
}

resource "aws_lambda_function_url" "open" {
  function_name      = aws_lambda_function.model.arn
  authorization_type = "NONE"
}

# Agents whose action groups hold a secret, or not.

resource "aws_bedrockagent_agent" "groups" {
  for_each                = { good = "Order number", bad = "Log in with AKIAIOSFODNN7EXAMPLE" }
  agent_name              = each.key
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agent"
  foundation_model        = "anthropic.claude-3-5-sonnet-20240620-v1:0"
  instruction             = "Answer questions about orders of our own customers only, and nothing else."
}

resource "aws_bedrockagent_agent_action_group" "groups" {
  for_each          = { good = "Order number", bad = "Log in with AKIAIOSFODNN7EXAMPLE" }
  agent_id          = aws_bedrockagent_agent.groups[each.key].agent_id
  agent_version     = "DRAFT"
  action_group_name = each.key
  action_group_executor {
    lambda = aws_lambda_function.model.arn
  }
  function_schema {
    member_functions {
      functions {
        name        = "find"
        description = each.value
      }
    }
  }
}

# A log group of invocations that a policy masks.

resource "aws_cloudwatch_log_group" "masked" {
  name = "/acme/masked"
}

resource "aws_cloudwatch_log_data_protection_policy" "masked" {
  log_group_name = aws_cloudwatch_log_group.masked.name
  policy_document = jsonencode({
    Name    = "mask"
    Version = "2021-06-01"
    Statement = [
      { Sid = "Audit", DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"], Operation = { Audit = { FindingsDestination = {} } } },
      { Sid = "Mask", DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"], Operation = { Deidentify = { MaskConfig = {} } } },
    ]
  })
}

resource "aws_bedrock_model_invocation_logging_configuration" "masked" {
  logging_config {
    cloudwatch_config {
      log_group_name = aws_cloudwatch_log_group.masked.name
      role_arn       = "arn:aws:iam::111122223333:role/logs"
    }
  }
}

# Policies of the organization that are attached twice, to a unit of the plan too.

locals {
  rcps = { good = "s3:*", bad = "bedrock:InvokeModel" }
}

resource "aws_organizations_organizational_unit" "ai" {
  name      = "ai"
  parent_id = "r-abcd"
}

resource "aws_organizations_policy" "rcp" {
  for_each = local.rcps
  name     = each.key
  type     = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny", Principal = "*", Action = each.value, Resource = "*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}

resource "aws_organizations_policy_attachment" "unit" {
  for_each  = aws_organizations_policy.rcp
  policy_id = each.value.id
  target_id = aws_organizations_organizational_unit.ai.id
}

resource "aws_organizations_policy_attachment" "account" {
  for_each  = local.rcps
  policy_id = aws_organizations_policy.rcp[each.key].id
  target_id = "444455556666"
}

# A line to the data centre.

resource "aws_dx_connection" "open" {
  name            = "data-centre"
  bandwidth       = "10Gbps"
  location        = "EqDA2"
  request_macsec  = true
  encryption_mode = "must_encrypt"
}
