package collect

import (
	"encoding/base64"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// secretWords make a name that of a secret; two words stand for a pair.
var secretWords = []string{
	"password", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "apikey", "credential", "credentials", "pat",
	"api key", "access key", "private key", "secret key", "auth key", "signing key", "encryption key",
}

// plainEndings make a name that of something about a secret.
var plainEndings = []string{
	"arn", "arns", "name", "names", "id", "ids", "path", "file", "dir", "url", "uri", "endpoint", "host", "type", "count", "counts",
	"length", "len", "limit", "limits", "size", "ttl", "version", "expiry", "expiration", "manager", "ref", "reference",
	"policy", "enabled", "required", "rotation", "status", "region", "prefix", "suffix", "alias", "source", "store", "budget",
}

// apiSecrets are fields of AWS APIs that hold a secret.
var apiSecrets = []string{":SecretAccessKey", ":SecretString", ":Password", ":MasterUserPassword", ":AuthToken", ":ClientSecret", ":PrivateKey", ":ApiKey"}

// secretName tells whether the name says that the value is a secret.
func secretName(name string) bool {
	if name == "" || name[0] == ':' {
		return slices.Contains(apiSecrets, name)
	}
	words := wordsOf(name)
	if len(words) == 0 || slices.Contains(plainEndings, words[len(words)-1]) {
		return false
	}
	for i, w := range words {
		if slices.Contains(secretWords, w) || i > 0 && slices.Contains(secretWords, words[i-1]+" "+w) {
			return true
		}
	}
	return false
}

// wordsOf splits DB_PASSWORD, dbPassword, db-password into lower-case words.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	lower := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		case unicode.IsUpper(r) && lower:
			flush()
			fallthrough
		default:
			word = append(word, r)
		}
		lower = unicode.IsLower(r)
	}
	flush()
	return words
}

// plainWords are values that say something about a secret.
var plainWords = []string{
	"true", "false", "none", "null", "enabled", "disabled", "required", "optional", "default", "undefined", "changeme",
	"rotation", "managed", "unknown", "string", "secretstring", "password", "example", "redacted", "hidden",
}

// leastEntropy is the entropy, in bits per character, below which a value is no
// secret that anyone would use: "00000000", "xxxxxxxx".
const leastEntropy = 2.25

// likelySecret judges a value whose name says that it is a secret.
func likelySecret(s string) bool {
	return len(s) >= 6 && notReference(s) && !slices.Contains(plainWords, strings.ToLower(s)) && !isNumber(s) && entropy(s) >= leastEntropy
}

// notReference is false for text that says where a secret is, or was masked.
func notReference(s string) bool {
	for _, p := range []string{"arn:", "${", "{{", "$(", "$", "<", "[masked", "%7b", "s3://", "http://", "https://", "ssm:", "/aws/", "/", "***", "env:", "file:", "vault:", "alias/", "aws:"} {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return false
		}
	}
	return true
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// userAndPassword tells whether s is what a header for basic authorization holds: user:password in base64.
func userAndPassword(s string) bool {
	raw, err := base64.StdEncoding.DecodeString(s)
	return err == nil && utf8.Valid(raw) && strings.Contains(string(raw), ":")
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789.-+eE_") == "" }

// entropy in bits per character.
func entropy(s string) float64 {
	counts := map[rune]float64{}
	n := 0.0
	for _, r := range s {
		counts[r]++
		n++
	}
	h := 0.0
	for _, c := range counts {
		h -= c / n * math.Log2(c/n)
	}
	return h
}
