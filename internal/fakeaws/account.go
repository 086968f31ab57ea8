package fakeaws

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// DefaultAccount is the account of an access key nobody knows; moto has the
// same.
const DefaultAccount = "123456789012"

// keyPrefix starts the access keys that name their account.
const keyPrefix = "ASIAFAKE"

// AccessKey returns an access key id that every Server takes for the account.
func AccessKey(account string) string { return keyPrefix + account }

// Credentials returns static credentials of the account for an SDK client.
func Credentials(account string) aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(AccessKey(account), "fake", "fake")
}

// accountBook knows which access key belongs to which account.
type accountBook struct {
	mu       sync.RWMutex
	byKey    map[string]string
	issued   map[string]bool // by the upstream, which knows them
	fallback string
}

func newAccountBook(known map[string]string, fallback string) *accountBook {
	if fallback == "" {
		fallback = DefaultAccount
	}
	book := &accountBook{byKey: map[string]string{}, issued: map[string]bool{}, fallback: fallback}
	maps.Copy(book.byKey, known)
	return book
}

// accountOf returns the account of an access key.
func (b *accountBook) accountOf(key string) string {
	b.mu.RLock()
	account, ok := b.byKey[key]
	b.mu.RUnlock()
	if ok {
		return account
	}
	if account, ok := fakeAccount(key); ok {
		return account
	}
	return b.fallback
}

// fakeAccount reads the account out of a key made by AccessKey.
func fakeAccount(key string) (string, bool) {
	account, ok := strings.CutPrefix(key, keyPrefix)
	return account, ok && len(account) == 12
}

var (
	stsKeyPattern   = regexp.MustCompile(`<AccessKeyId>([^<]+)</AccessKeyId>`)
	stsTokenPattern = regexp.MustCompile(`<SessionToken>([^<]+)</SessionToken>`)
	stsArnPattern   = regexp.MustCompile(`<Arn>arn:[^:]+:sts::(\d{12}):`)
	rolePattern     = regexp.MustCompile(`^arn:[^:]+:iam::(\d{12}):role/(?:.*/)?([^/]+)$`)
)

// learn takes the account of a new key from an sts answer, of the upstream or
// of a fixture.
func (b *accountBook) learn(c *Call, r reply, upstream bool) {
	if c.Service != "sts" || r.status != http.StatusOK {
		return
	}
	key, arn := stsKeyPattern.FindSubmatch(r.body), stsArnPattern.FindSubmatch(r.body)
	if key == nil {
		return
	}
	account := c.Account
	if arn != nil {
		account = string(arn[1])
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.byKey[string(key[1])] = account
	if upstream {
		b.issued[string(key[1])] = true
	}
}

// knownUpstream tells whether the upstream takes a key for its account.
func (b *accountBook) knownUpstream(key string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.issued[key]
}

// answerSTS is the little of sts a server without an upstream speaks, so that
// a collector can find out who it is and enter other accounts.
func answerSTS(c *Call) (reply, bool) {
	if c.Service != "sts" {
		return reply{}, false
	}
	switch c.Operation {
	case "GetCallerIdentity":
		return stsReply(c, fmt.Sprintf("<Arn>arn:aws:iam::%s:user/fake</Arn><UserId>AIDAFAKE%s</UserId><Account>%s</Account>",
			c.Account, c.Account, c.Account)), true
	case "AssumeRole":
		arn, _ := c.Param("RoleArn")
		m := rolePattern.FindStringSubmatch(arn)
		if m == nil {
			return errorReply(c, http.StatusBadRequest, "ValidationError", arn+" is invalid"), true
		}
		session, _ := c.Param("RoleSessionName")
		return stsReply(c, fmt.Sprintf("<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>fake</SecretAccessKey>"+
			"<SessionToken>fake</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"+
			"<AssumedRoleUser><AssumedRoleId>AROAFAKE:%s</AssumedRoleId><Arn>arn:aws:sts::%s:assumed-role/%s/%s</Arn></AssumedRoleUser>",
			AccessKey(m[1]), escapeXML(session), m[1], escapeXML(m[2]), escapeXML(session))), true
	}
	return reply{}, false
}

// stsReply wraps a result as the query protocol does.
func stsReply(c *Call, result string) reply {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<%[1]sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%[1]sResult>%[2]s</%[1]sResult>`+
		`<ResponseMetadata><RequestId>%[3]s</RequestId></ResponseMetadata></%[1]sResponse>`, c.Operation, result, requestID)
	return newReply(c, http.StatusOK, b.Bytes())
}
