# Buckets through a module, as most people make them: children are counted, the name of the bucket is
# not known before it is there, and the policy is made of documents that are read only then.
variable "buckets" {
  type = map(object({
    versioning = optional(bool, true)
    tls        = optional(bool, true)
    name       = optional(string)
  }))
  default = {
    "models.eu-1"   = {}
    "raw data"      = { versioning = false }
    "q\"uote[0]"    = { tls = false }
    "named.by.hand" = { name = "acme-named-by-hand" }
  }
}

module "buckets" {
  source   = "./modules/bucket"
  for_each = var.buckets

  bucket        = each.value.name
  bucket_prefix = each.value.name == null ? "acme-" : null

  versioning                            = { enabled = each.value.versioning }
  attach_deny_insecure_transport_policy = each.value.tls
  kms_key_arn                           = module.key.arn

  server_side_encryption_configuration = {
    rule = {
      bucket_key_enabled = true
      apply_server_side_encryption_by_default = {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = module.key.arn
      }
    }
  }
  lifecycle_rule = [
    { id = "a", enabled = true, noncurrent_version_expiration = { days = 30 } },
  ]
}

# The same module once, with what it does by default.
module "plain" {
  source = "./modules/bucket"
}

module "none" {
  source        = "./modules/bucket"
  create_bucket = false
}

module "key" {
  source = "./modules/key"
}

# A part outside the module: it hops in over the output.
resource "aws_s3_bucket_logging" "models" {
  bucket        = module.buckets["models.eu-1"].s3_bucket_id
  target_bucket = module.plain.s3_bucket_id
  target_prefix = "models/"
}

output "arns" {
  value = { for k, b in module.buckets : k => b.s3_bucket_arn }
}
