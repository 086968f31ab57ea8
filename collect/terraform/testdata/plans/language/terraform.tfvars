name = "acme"
tags = {
  stage = "dev"
}
queues = [
  { name = "a" },
  { name = "b.c", kms = false, size = 4096 },
]
