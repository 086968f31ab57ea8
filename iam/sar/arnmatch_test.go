package sar

import "testing"

func TestCanMatch(t *testing.T) {
	t.Parallel()
	const (
		model  = "arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}"
		key    = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"
		object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
		alias  = "arn:${Partition}:bedrock:${Region}:${Account}:agent-alias/${AgentId}/${AgentAliasId}"
	)
	tests := []struct {
		pattern, format string
		want            bool
	}{
		{"*", key, true},
		{"arn:aws:bedrock:*::foundation-model/anthropic.*", model, true},
		{"arn:aws:bedrock:*::foundation-model/anthropic.claude-v1:0", model, true},
		{"arn:aws:bedrock:us-east-1:111122223333:foundation-model/x", model, false},
		{"arn:aws:bedrock:*:foundation-model/x", model, true}, // the * goes across a colon
		{"arn:aws:bedrock:*", model, true},
		{"arn:*:kms:*:::*", key, false},
		{"arn:aws:kms:*::key/*", key, false},
		{"arn:aws:kms:*:*:key/*", key, true},
		{"arn:aws:kms:*:*:alias/*", key, false},
		{"arn:aws:s3:::b", object, false},
		{"arn:aws:s3:::b/*", object, true},
		{"arn:aws:s3:::b*", object, true},
		{"arn:aws:s3:::b/a::b", object, true},
		{"arn:aws:bedrock:*:*:agent/*", alias, false},
		{"arn:aws:bedrock:*:*:agent-alias/A/*", alias, true},
		{"arn:aws:bedrock:*:*:agent-alias/${aws:PrincipalTag/agent}/*", alias, true},
		{"arn:aws:bedrock:us-east-?:*:agent-alias/*", alias, true},
		{"arn:${aws:x}:bedrock:*:*:agent-alias/*", alias, false}, // no variable before the fifth colon
		{"", key, false},
	}
	for _, test := range tests {
		if got := canMatch(test.pattern, test.format, true); got != test.want {
			t.Errorf("%s against %s: got %t, want %t", test.pattern, test.format, got, test.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"GetObject", "GetObjectAcl", "PutObject"}
	for text, want := range map[string]string{"getobjekt": "GetObject", "GetObjectACL": "GetObjectAcl", "DeleteBucket": "", "": ""} {
		if got := nearest(text, names); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
