package collect

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// join keeps the secrets of this file from looking like some to other tools.
func glue(parts ...string) string { return strings.Join(parts, "") }

func TestMaskHits(t *testing.T) {
	t.Parallel()
	key := glue("AK", "IA", "IOSFODNN7EXAMPLE")
	random := "q8Zr2LxT0vNwPb5KjY7mHd3sGf6cUa1e"
	for _, c := range []struct{ name, text, want string }{
		{":Content", "export AWS_ACCESS_KEY_ID=" + key, "export AWS_ACCESS_KEY_ID=[masked: AWS access key]"},
		{":Content", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = [masked: secret assignment]"},
		{":Body", "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b", "a [masked: private key] b"},
		{":Body", "-----BEGIN PRIVATE KEY-----\nMIIE, cut off", "[masked: private key]"},
		{":Text", glue("token gh", "p_", random, "ABCD1234"), "token [masked: GitHub token]"},
		{":Text", glue("use github_", "pat_", random, random), "use [masked: GitHub token]"},
		{":Text", glue("gl", "pat-", "AbCdEfGhIj0123456789"), "[masked: GitLab token]"},
		{":Text", glue("xo", "xb-", "123456789012-abcdefABCDEF"), "[masked: Slack token]"},
		{":Text", glue("key: s", "k-ant-api03-", random), "key: [masked: API key]"},
		{":Text", glue("h", "f_", "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"), "[masked: Hugging Face token]"},
		{":Text", glue("AI", "za", "SyA1234567890abcdefghijklmnopqrstuv"), "[masked: Google API key]"},
		{":Text", glue("bearer ey", "JhbGciOiJIUzI1NiJ9.ey", "JzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"), "bearer [masked: JWT]"},
		{":Text", glue("AB", "SK", strings.Repeat(random, 4)), "[masked: Bedrock API key]"},
		{"Authorization", "Bearer made-up-4f9d2c7a1b8e", "Bearer [masked: bearer token]"},
		{":Text", "curl -H 'authorization: bearer " + random + "' x", "curl -H 'authorization: bearer [masked: bearer token]' x"},
		{"Authorization", "Basic YXBwOmh1bnRlcjI=", "Basic [masked: basic authorization]"},
		{":Uri", "postgresql://app:s3cr3t-pw@db.internal:5432/x", "postgresql://app:[masked: password in a URL]@db.internal:5432/x"},
		{":Text", "mysql --user=app --password=hunter22", "mysql --user=app --password=[masked: secret assignment]"},
		{":Text", `{"api_key": "a1b2c3d4e5f6"}`, `{"api_key": "[masked: secret assignment]"}`},
		{":Text", `{\"db_password\":\"Tr0ub4dor&3\"}`, `{\"db_password\":\"[masked: secret assignment]&3\"}`},
		{"DB_PASSWORD", "Tr0ub4dor&3", "[masked: secret by its name]"},
		{"openaiApiKey", random, "[masked: secret by its name]"},
		{"HF_TOKEN", random, "[masked: secret by its name]"},
		{"wandb-api-key", "0123456789abcdef0123456789abcdef01234567", "[masked: secret by its name]"},
		{":SecretAccessKey", random, "[masked: secret by its name]"},
	} {
		got, hit := Mask(c.text, c.name)
		if got != c.want || !hit {
			t.Errorf("Mask(%q, %q):\n got %q, %v\nwant %q", c.text, c.name, got, hit, c.want)
		}
	}
}

func TestMaskNearMisses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text string }{
		{":Arn", "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20260101T000000"},
		{":KmsKeyId", "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
		{":SecretArn", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-password-AbCdEf"},
		{"DB_SECRET_ARN", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf"},
		{":CredentialsSecretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf"},
		{":AccessKeyId", glue("AK", "IA", "IOSFODNN7EXAMPLE")},
		{":RoleId", "AROADBQP57FF2AEXAMPLE"},
		{":Etag", "9b2cf535f27731c974343645a3985328"},
		{":CodeSha256", "nTZr2LxT0vNwPb5KjY7mHd3sGf6cUa1eQ8Zr2LxT0vM="},
		{":ImageUri", "763104351884.dkr.ecr.eu-central-1.amazonaws.com/pytorch-training:2.3.0-gpu-py311"},
		{":Policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ChangePassword","ecr:GetAuthorizationToken","secretsmanager:GetSecretValue","sts:GetSessionToken"],"Resource":"arn:aws:secretsmanager:*:*:secret:prod/*"}]}`},
		{":Policy", `{"Condition":{"StringEquals":{"sts:ExternalId":"b1946ac92492d2347c6235b4d2611184","aws:RequestTag/token":"x"}}}`},
		{"MAX_TOKENS", "131072"},
		{"max_new_tokens_budget", "1000000000"},
		{"tokenizer_name", "meta-llama/Llama-3.1-8B-Instruct"},
		{"pad_token", "<|finetune_right_pad|>"},
		{"SECRET_NAME", "prod/database/main"},
		{"PASSWORD", "${SSM_PASSWORD}"},
		{"DB_PASSWORD", "{{resolve:secretsmanager:prod/db:SecretString:password}}"},
		{"API_KEY", "/aws/reference/secretsmanager/prod"},
		{"PASSWORD_REQUIRED", "always-and-everywhere"},
		{"PASSWORD", "required"},
		{"TOKEN_TTL", "3600 seconds"},
		{":NextToken", "AAAAAAAAAAAAAAAAAAAA"},
		{":Instruction", "Never ask for the user's password: tell them to reset it."},
		{":Instruction", "If a token is missing, say so. Tokens are cheap."},
		{":Description", "Bearer authentication-with-rotating-keys, basic understanding"},
		{":Description", "Basic claude-3-5-sonnet-v2 plan, Bearer ${TOKEN_FROM_VAULT_2026}"},
		{":Description", "risk-based scoring, task-oriented, disk-usage"},
		{":S3Uri", "s3://my-bucket/sk-training-data-2026/part-0001.parquet"},
		{":ModelArn", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0"},
		{":Url", "https://bedrock-runtime.eu-central-1.amazonaws.com:443/model"},
	} {
		if got, hit := Mask(c.text, c.name); hit || got != c.text {
			t.Errorf("Mask(%q, %q): got %q, want it left alone", c.text, c.name, got)
		}
	}
}

func TestMaskBase64(t *testing.T) {
	t.Parallel()
	script := "#!/bin/bash\nexport DB_PASSWORD=Tr0ub4dor99\npip install torch\n"
	got, hit := Mask(base64.StdEncoding.EncodeToString([]byte(script)), ":Content")
	if !hit {
		t.Fatal("a password in a script in base64 was not found")
	}
	clean, err := base64.StdEncoding.DecodeString(got)
	if err != nil {
		t.Fatal(err)
	}
	if want := "#!/bin/bash\nexport DB_PASSWORD=[masked: secret assignment]\npip install torch\n"; string(clean) != want {
		t.Errorf("got %q, want %q", clean, want)
	}
	plain := base64.StdEncoding.EncodeToString([]byte("#!/bin/bash\npip install torch transformers\n"))
	if got, hit := Mask(plain, ":Content"); hit || got != plain {
		t.Errorf("a harmless script: got %q, want it left alone", got)
	}
}

// What was masked once is left alone: a snapshot of a snapshot is the same.
func TestMaskIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z_]{0,8}(password|token|AKIA|sk-|://|api_key)?[=: "]{0,2}[A-Za-z0-9/@:<"']{0,30} ?){0,4}`).Draw(t, "text")
		name := rapid.SampledFrom([]string{"", ":Content", "DB_PASSWORD", "x"}).Draw(t, "name")
		once, _ := Mask(text, name)
		if twice, hit := Mask(once, name); twice != once || hit {
			t.Fatalf("Mask(%q): then %q, then %q", text, once, twice)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	policy := `{"Version":"2012-10-17","Statement":[` + strings.Repeat(`{"Effect":"Allow","Action":["s3:GetObject","secretsmanager:GetSecretValue"],"Resource":"arn:aws:s3:::bucket/*"},`, 20) + `{}]}`
	b.Run("policy of 2 KB", func(b *testing.B) {
		b.SetBytes(int64(len(policy)))
		for b.Loop() {
			Mask(policy, ":Policy")
		}
	})
	b.Run("ARN", func(b *testing.B) {
		for b.Loop() {
			Mask("arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", ":KmsKeyId")
		}
	})
}
