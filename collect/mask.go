package collect

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"
)

// secret is one kind of text that is never kept.
type secret struct {
	kind string
	// hints are lower-case; text without any of them holds no such secret.
	hints []string
	re    *regexp.Regexp
	// group of re that is replaced.
	group int
	// likely judges the group where the pattern alone is not enough; may be nil.
	likely func(string) bool
}

// secrets lists the kinds, in the order in which they are looked for. What issuers
// document is taken, with its length, so that ids and digests are left alone;
// what only looks random is not, unless its name says that it is a secret.
var secrets = []secret{
	{"private key", []string{"private key-----"}, regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)`), 0, nil},
	{"AWS access key", []string{"akia", "asia"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`), 0, nil},
	{"Bedrock API key", []string{"absk", "bedrock-api-key-"}, regexp.MustCompile(`\b(?:ABSK[A-Za-z0-9+/]{80,}={0,2}|bedrock-api-key-[A-Za-z0-9+/_=-]{40,})`), 0, nil},
	{"GitHub token", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})`), 0, nil},
	{"GitLab token", []string{"glpat-"}, regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`), 0, nil},
	{"Slack token", []string{"xox", "hooks.slack.com"}, regexp.MustCompile(`\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9/]{20,}`), 0, nil},
	{"API key", []string{"sk-", "sk_live_", "rk_live_"}, regexp.MustCompile(`\b(?:sk-[A-Za-z0-9][A-Za-z0-9_-]{18,}[A-Za-z0-9]|[sr]k_live_[A-Za-z0-9]{16,})`), 0, hasDigit},
	{"Hugging Face token", []string{"hf_"}, regexp.MustCompile(`\bhf_[A-Za-z0-9]{30,}\b`), 0, nil},
	{"Google API key", []string{"aiza"}, regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{35}`), 0, nil},
	{"JWT", []string{"eyj"}, regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`), 0, nil},
	{"password in a URL", []string{"://"}, regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^\s/:@"']+:([^\s/@"']{3,})@`), 1, notReference},
	{"bearer token", []string{"bearer"}, regexp.MustCompile(`(?i)\bbearer\s+([A-Za-z0-9._~+/-]{16,}=*)`), 1, hasDigit},
	{"basic authorization", []string{"basic"}, regexp.MustCompile(`(?i)\bbasic\s+([A-Za-z0-9+/]{8,}={0,2})`), 1, userAndPassword},
	{"secret assignment", nil, assignment, 1, likelySecret},
}

// assignment is how text gives a secret away by its name: password=...,
// "api_key": "...", --token "...".
var assignment = regexp.MustCompile(`(?i)(?:passw(?:or)?d|passphrase|(?:^|[^a-z])(?:pwd|secret|api[_-]?key|(?:secret[_-]?)?access[_-]?key|token|private[_-]?key))` +
	`(?:\\?["']\s*:\s*\\?["']|\s*=\s*\\?["']?|:\s+["']?|["']?\s+\\?["'])([^\s"'\\,;&<>]{6,})`)

// assignNames are the endings of the names in [assignment].
var assignNames = []string{"password", "passwd", "passphrase", "pwd", "secret", "key", "token"}

// assigns tells whether one of the names is followed by what an assignment begins
// with. It spares [assignment] most texts; policies are full of such names.
func assigns(lower string) bool {
	for _, name := range assignNames {
		for rest := lower; ; {
			i := strings.Index(rest, name)
			if i < 0 {
				break
			}
			rest = rest[i+len(name):]
			if opensAssignment(rest) {
				return true
			}
		}
	}
	return false
}

// opensAssignment tells whether text begins with ", \", ' or space and then = : or a quote.
func opensAssignment(text string) bool {
	quoted := strings.TrimLeft(text, `\"'`)
	rest := strings.TrimLeft(quoted, " \t\r\n")
	if rest == "" {
		return false
	}
	switch rest[0] {
	case '=', ':':
		return true
	case '"', '\'', '\\':
		return len(rest) < len(quoted)
	}
	return false
}

// shortest is the length of the shortest text in which a secret is looked for.
const shortest = 8

// Mask replaces what looks like a secret in s by "[masked: <kind>]". name is what
// the text is called: the key of a map or of a pair of name and value, where
// someone chose it; or ":" and the field of the API, which masks only what is called
// a password or secret key there. hit reports whether anything was replaced.
func Mask(s, name string) (clean string, hit bool) {
	if len(s) < shortest {
		return s, false
	}
	if strings.HasSuffix(name, "AccessKeyId") && len(s) <= 128 {
		return s, false // how IAM names a key; its secret is elsewhere
	}
	if secretName(name) && likelySecret(s) {
		return masked("secret by its name"), true
	}
	if text, ok := decoded(s); ok {
		clean, hit = maskText(text)
		if hit {
			return base64.StdEncoding.EncodeToString([]byte(clean)), true
		}
		return s, false
	}
	return maskText(s)
}

func masked(kind string) string { return "[masked: " + kind + "]" }

func maskText(s string) (string, bool) {
	lower, hit := strings.ToLower(s), false
	for i := range secrets {
		k := &secrets[i]
		if k.re == assignment && !assigns(lower) || k.re != assignment && !containsAny(lower, k.hints) {
			continue
		}
		if clean, ok := k.mask(s); ok {
			s, lower, hit = clean, strings.ToLower(clean), true
		}
	}
	return s, hit
}

// mask replaces each likely occurrence.
func (k *secret) mask(s string) (string, bool) {
	var b strings.Builder
	last := 0
	for _, m := range k.re.FindAllStringSubmatchIndex(s, -1) {
		from, to := m[2*k.group], m[2*k.group+1]
		if k.likely != nil && !k.likely(s[from:to]) {
			continue
		}
		b.WriteString(s[last:from])
		b.WriteString(masked(k.kind))
		last = to
	}
	if last == 0 {
		return s, false
	}
	b.WriteString(s[last:])
	return b.String(), true
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// decoded is the text that s holds in base64: scripts and user data are given so.
func decoded(s string) (string, bool) {
	if len(s) < 24 || len(s)%4 != 0 || strings.ContainsAny(s[:24], " \n{<:,-_.") {
		return "", false
	}
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	for _, c := range raw {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return "", false
		}
	}
	return string(raw), true
}
