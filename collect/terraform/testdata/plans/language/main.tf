variable "region" {
  type    = string
  default = "us-east-1"
}

variable "name" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "queues" {
  type = list(object({
    name = string
    kms  = optional(bool, true)
    size = optional(number)
  }))
}

variable "enabled" {
  type     = bool
  default  = false
  nullable = false
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "acme-dummy-secret"
}

locals {
  prefix = "${var.name}-${lower("DEV")}"
  sizes  = { for i, q in var.queues : q.name => coalesce(q.size, 1024 * (i + 1)) }
  by     = { for q in var.queues : q.kms => q.name... }
  text   = templatefile("${path.module}/policy.tftpl", { principals = ["a", "b"], region = var.region })
  zones  = [for z in ["a", "b", "c"] : upper(z) if z != "b"]
  deep   = try(var.queues[7].name, can(tonumber("x")) ? "number" : "text")
}

resource "aws_sqs_queue" "each" {
  for_each          = { for q in var.queues : q.name => q }
  name              = join("-", [local.prefix, replace(each.key, ".", "_")])
  max_message_size  = local.sizes[each.key]
  kms_master_key_id = each.value.kms ? aws_kms_key.queues.id : null
  tags              = merge(var.tags, { n = each.key, zones = join(",", local.zones) })
}

resource "aws_kms_key" "queues" {
  description = local.deep
  policy      = local.text
}

resource "aws_sqs_queue" "off" {
  count = var.enabled ? 1 : 0
  name  = "never"
}

resource "aws_sqs_queue" "counted" {
  count                     = 2
  provider                  = aws.paris
  name                      = format("%s-%02d", var.name, count.index)
  message_retention_seconds = count.index == 0 ? 60 : 1209600
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 4
  })
}

resource "aws_sqs_queue" "dead" {
  provider = aws.paris
  name     = "${var.name}-dead"
  tags     = { for k, v in { a = 1, b = true } : k => tostring(v) }
}

resource "aws_security_group" "s" {
  name        = substr(sha256("acme"), 0, 8)
  description = trimspace(<<-EOT
    three ${join(" ", reverse(["lines", "of"]))}
    %{for z in local.zones~}
    ${z}
    %{endfor~}
  EOT
  )

  dynamic "ingress" {
    for_each = { ssh = 22, web = 80 }
    iterator = rule
    content {
      description = rule.key
      from_port   = rule.value
      to_port     = rule.value
      protocol    = "tcp"
      cidr_blocks = [cidrsubnet("10.0.0.0/8", 8, rule.value), cidrhost("10.0.0.0/24", 5) == "10.0.0.5" ? "10.9.0.0/16" : "0.0.0.0/0"]
    }
  }
}

resource "aws_secretsmanager_secret_version" "v" {
  secret_id     = aws_secretsmanager_secret.s.id
  secret_string = var.secret
}

resource "aws_secretsmanager_secret" "s" {
  name                    = "acme/${var.name}"
  recovery_window_in_days = 7
}

# Overridden in zz_override.tf.
resource "aws_sns_topic" "t" {
  name              = "before"
  display_name      = "kept"
  kms_master_key_id = null
}

module "tables" {
  source    = "./modules/table"
  for_each  = toset(["one", "two.three"])
  name      = each.key
  key       = aws_kms_key.queues.arn
  providers = { aws = aws.paris }
}

resource "aws_ssm_parameter" "tables" {
  name  = "/acme/tables"
  type  = "StringList"
  value = join(",", [for t in module.tables : t.name])
}

resource "aws_ssm_parameter" "arn" {
  name  = "/acme/${element(keys(module.tables), 1)}"
  type  = "String"
  value = module.tables["one"].arn
}
