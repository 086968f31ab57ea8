# What is called good passes, what is called bad (or begins with it) fails; see judged.txt beside this file.

resource "aws_vpc" "good" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_flow_log" "good" {
  vpc_id               = aws_vpc.good.id
  traffic_type         = "ALL"
  log_destination      = "arn:aws:s3:::acme-flow-logs"
  log_destination_type = "s3"
}

resource "aws_vpc" "bad" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.good.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.good.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.good.id
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_subnet" "good" {
  vpc_id     = aws_vpc.good.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table_association" "good" {
  subnet_id      = aws_subnet.good.id
  route_table_id = aws_route_table.private.id
}

resource "aws_subnet" "bad" {
  vpc_id                  = aws_vpc.good.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}

resource "aws_route_table_association" "bad" {
  subnet_id      = aws_subnet.bad.id
  route_table_id = aws_route_table.public.id
}

# Security groups, in the four ways in which rules are written.

resource "aws_security_group" "good" {
  name   = "good"
  vpc_id = aws_vpc.good.id

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    cidr_blocks     = ["10.0.0.0/16", "0.0.0.0/0"]
    security_groups = [aws_security_group.good_rules.id]
  }
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [aws_vpc.good.cidr_block]
  }
}

resource "aws_security_group" "good_rules" {
  name   = "good-rules"
  vpc_id = aws_vpc.good.id
}

resource "aws_security_group_rule" "good_in" {
  security_group_id = aws_security_group.good_rules.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/16", "10.1.0.0/16"]
}

resource "aws_security_group_rule" "good_out" {
  security_group_id        = aws_security_group.good_rules.id
  type                     = "egress"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
  source_security_group_id = aws_security_group.good.id
}

resource "aws_security_group" "bad" {
  name   = "bad"
  vpc_id = aws_vpc.good.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 22
    cidr_blocks = ["10.0.0.0/16"]
  }
  ingress {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    cidr_blocks      = ["10.0.0.0/16", "0.0.0.0/0"]
    ipv6_cidr_blocks = []
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["10.0.0.0/16"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "bad_rules" {
  name   = "bad-rules"
  vpc_id = aws_vpc.good.id
}

resource "aws_security_group_rule" "bad_in" {
  security_group_id = aws_security_group.bad_rules.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 3389
  to_port           = 3389
  cidr_blocks       = ["10.0.0.0/16", "0.0.0.0/0"]
}

resource "aws_security_group_rule" "bad_out" {
  security_group_id = aws_security_group.bad_rules.id
  type              = "egress"
  protocol          = "all"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group" "bad_new_rules" {
  name   = "bad-new-rules"
  vpc_id = aws_vpc.good.id
}

resource "aws_vpc_security_group_ingress_rule" "bad" {
  security_group_id = aws_security_group.bad_new_rules.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "bad" {
  security_group_id = aws_security_group.bad_new_rules.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "bad_also" {
  security_group_id            = aws_security_group.bad_new_rules.id
  referenced_security_group_id = aws_security_group.good.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_default_security_group" "bad" {
  vpc_id = aws_vpc.good.id

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_default_security_group" "good" {
  vpc_id  = aws_vpc.bad.id
  ingress = []
  egress  = []
}

# Endpoints.

resource "aws_vpc_endpoint" "good" {
  vpc_id              = aws_vpc.good.id
  service_name        = "com.amazonaws.eu-central-1.bedrock-runtime"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.good.id]
  security_group_ids  = [aws_security_group.good_rules.id]
  private_dns_enabled = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "bedrock:InvokeModel"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = "111122223333" } }
    }]
  })
}

resource "aws_vpc_endpoint" "bad" {
  vpc_id              = aws_vpc.bad.id
  service_name        = "com.amazonaws.eu-central-1.bedrock-runtime"
  vpc_endpoint_type   = "Interface"
  security_group_ids  = [aws_security_group.bad_rules.id]
  private_dns_enabled = false
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
  })
}

resource "aws_vpc_endpoint" "sagemaker" {
  vpc_id            = aws_vpc.good.id
  service_name      = "com.amazonaws.eu-central-1.sagemaker.runtime"
  vpc_endpoint_type = "Interface"
}

resource "aws_vpc_endpoint" "kms" {
  vpc_id            = aws_vpc.good.id
  service_name      = "com.amazonaws.eu-central-1.kms"
  vpc_endpoint_type = "Interface"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.good.id
  service_name    = "com.amazonaws.eu-central-1.s3"
  route_table_ids = [aws_route_table.private.id]
}

# Network ACLs.

resource "aws_network_acl" "good" {
  vpc_id     = aws_vpc.good.id
  subnet_ids = [aws_subnet.good.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    to_port    = 443
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_network_acl" "bad" {
  vpc_id = aws_vpc.good.id

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_network_acl" "bad_rules" {
  vpc_id = aws_vpc.good.id
}

resource "aws_network_acl_rule" "bad" {
  network_acl_id = aws_network_acl.bad_rules.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "all"
  cidr_block     = "0.0.0.0/0"
}

# Machines and disks.

resource "aws_instance" "good" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.good.id
  associate_public_ip_address = false
  iam_instance_profile        = "worker"
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "bad" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.bad.id
  associate_public_ip_address = true
  metadata_options {
    http_tokens = "optional"
  }
}

resource "aws_kms_key" "disks" {
  enable_key_rotation = true
}

resource "aws_ebs_volume" "good" {
  availability_zone = "eu-central-1a"
  size              = 10
  encrypted         = true
  kms_key_id        = aws_kms_key.disks.arn
}

resource "aws_ebs_volume" "bad" {
  availability_zone = "eu-central-1a"
  size              = 10
  encrypted         = false
}

resource "aws_vpn_connection" "good" {
  customer_gateway_id = "cgw-0123456789abcdef0"
  transit_gateway_id  = "tgw-0123456789abcdef0"
  type                = "ipsec.1"

  tunnel1_ike_versions                 = ["ikev2"]
  tunnel1_phase1_integrity_algorithms  = ["SHA2-256"]
  tunnel1_phase2_integrity_algorithms  = ["SHA2-256", "SHA2-512"]
  tunnel1_phase1_encryption_algorithms = ["AES256"]
  tunnel1_phase2_encryption_algorithms = ["AES256"]
  tunnel1_phase1_dh_group_numbers      = [19, 20]
  tunnel1_phase2_dh_group_numbers      = [19]
  tunnel1_log_options {
    cloudwatch_log_options {
      log_enabled   = true
      log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:vpn"
    }
  }
  tunnel2_ike_versions                 = ["ikev2"]
  tunnel2_phase1_integrity_algorithms  = ["SHA2-256"]
  tunnel2_phase2_integrity_algorithms  = ["SHA2-256"]
  tunnel2_phase1_encryption_algorithms = ["AES256"]
  tunnel2_phase2_encryption_algorithms = ["AES256"]
  tunnel2_phase1_dh_group_numbers      = [19]
  tunnel2_phase2_dh_group_numbers      = [19]
  tunnel2_log_options {
    cloudwatch_log_options {
      log_enabled   = true
      log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:vpn"
    }
  }
}

resource "aws_vpn_connection" "bad" {
  customer_gateway_id  = "cgw-0123456789abcdef0"
  transit_gateway_id   = "tgw-0123456789abcdef0"
  type                 = "ipsec.1"
  tunnel1_ike_versions = ["ikev1", "ikev2"]
  tunnel2_ike_versions = ["ikev2"]
  tunnel1_log_options {
    cloudwatch_log_options {
      log_enabled   = true
      log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:vpn"
    }
  }
}

# Front doors.

resource "aws_lb" "good" {
  name                       = "good"
  internal                   = true
  subnets                    = [aws_subnet.good.id, aws_subnet.bad.id]
  security_groups            = [aws_security_group.good.id]
  drop_invalid_header_fields = true
  access_logs {
    bucket  = "acme-lb-logs"
    enabled = true
  }
}

resource "aws_lb" "bad" {
  name            = "bad"
  subnets         = [aws_subnet.good.id, aws_subnet.bad.id]
  security_groups = [aws_security_group.bad.id]
}

resource "aws_lb_target_group" "good" {
  name     = "good"
  port     = 443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.good.id
}

resource "aws_lb_target_group" "bad" {
  name     = "bad"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.good.id
}

resource "aws_lb_listener" "good_tls" {
  load_balancer_arn = aws_lb.good.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.good.arn
  }
}

resource "aws_lb_listener" "bad_tls" {
  load_balancer_arn = aws_lb.bad.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-2016-08"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.bad.arn
  }
}

# Its policy is none that is known here: only the service says what it lets through.
resource "aws_lb_listener" "unknown_tls" {
  load_balancer_arn = aws_lb.bad.arn
  port              = 8443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-Acme"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.bad.arn
  }
}

resource "aws_lb_listener" "good" {
  load_balancer_arn = aws_lb.good.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "bad" {
  load_balancer_arn = aws_lb.bad.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "bad" {
  listener_arn = aws_lb_listener.bad.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.bad.arn
  }
  condition {
    path_pattern {
      values = ["/health"]
    }
  }
}

resource "aws_cloudfront_distribution" "good" {
  enabled    = true
  web_acl_id = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/front/1"
  origin {
    domain_name = "api.example.org"
    origin_id   = "api"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "api"
    viewer_protocol_policy = "redirect-to-https"
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  ordered_cache_behavior {
    path_pattern           = "/static/*"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/1"
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}

resource "aws_cloudfront_distribution" "bad" {
  enabled = true
  origin {
    domain_name = "api.example.org"
    origin_id   = "api"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "match-viewer"
      origin_ssl_protocols   = ["TLSv1", "TLSv1.2"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  ordered_cache_behavior {
    path_pattern           = "/static/*"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "api"
    viewer_protocol_policy = "allow-all"
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_api_gateway_rest_api" "good" {
  name = "good"
}

resource "aws_api_gateway_method" "good" {
  rest_api_id   = aws_api_gateway_rest_api.good.id
  resource_id   = aws_api_gateway_rest_api.good.root_resource_id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_rest_api" "bad" {
  name = "bad"
}

resource "aws_api_gateway_method" "bad" {
  rest_api_id   = aws_api_gateway_rest_api.bad.id
  resource_id   = aws_api_gateway_rest_api.bad.root_resource_id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_usage_plan" "good" {
  name = "good"
  throttle_settings {
    rate_limit  = 10
    burst_limit = 20
  }
  quota_settings {
    limit  = 1000
    period = "DAY"
  }
}

resource "aws_api_gateway_usage_plan" "bad" {
  name = "bad"
  throttle_settings {
    rate_limit  = 10
    burst_limit = 20
  }
}

resource "aws_api_gateway_domain_name" "good" {
  domain_name              = "good.example.org"
  regional_certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
  security_policy          = "TLS_1_2"
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_domain_name" "bad" {
  domain_name     = "bad.example.org"
  certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1"
  security_policy = "TLS_1_0"
}

resource "aws_apigatewayv2_api" "this" {
  name          = "http"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "good" {
  api_id             = aws_apigatewayv2_api.this.id
  route_key          = "POST /ask"
  authorization_type = "AWS_IAM"
}

resource "aws_opensearch_domain" "good" {
  domain_name    = "good"
  engine_version = "OpenSearch_2.19"
  cluster_config {
    instance_type            = "r6g.large.search"
    instance_count           = 3
    zone_awareness_enabled   = true
    dedicated_master_enabled = true
    dedicated_master_count   = 3
    dedicated_master_type    = "m6g.large.search"
    zone_awareness_config {
      availability_zone_count = 3
    }
  }
  encrypt_at_rest {
    enabled = true
  }
  node_to_node_encryption {
    enabled = true
  }
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
  vpc_options {
    subnet_ids         = [aws_subnet.good.id]
    security_group_ids = [aws_security_group.good.id]
  }
  advanced_security_options {
    enabled = true
    master_user_options {
      master_user_arn = "arn:aws:iam::111122223333:role/search-admin"
    }
  }
  log_publishing_options {
    log_type                 = "ES_APPLICATION_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:search"
  }
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:audit"
  }
}

resource "aws_opensearch_domain" "bad" {
  domain_name    = "bad"
  engine_version = "OpenSearch_2.19"
  cluster_config {
    instance_type  = "r6g.large.search"
    instance_count = 1
  }
  encrypt_at_rest {
    enabled = false
  }
  node_to_node_encryption {
    enabled = false
  }
  domain_endpoint_options {
    enforce_https = false
  }
}

resource "aws_lb" "shielded" {
  name                       = "shielded"
  subnets                    = [aws_subnet.good.id, aws_subnet.bad.id]
  security_groups            = [aws_security_group.good.id]
  drop_invalid_header_fields = true
}

resource "aws_wafv2_web_acl" "front" {
  name  = "front"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "rate"
    priority = 1
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit = 1000
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "front"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "shielded" {
  resource_arn = aws_lb.shielded.arn
  web_acl_arn  = aws_wafv2_web_acl.front.arn
}
