package fakeaws

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Config says what a [Server] answers from. The zero value answers nothing but
// who the caller is.
type Config struct {
	// Upstream is the address of moto, such as http://127.0.0.1:5000; empty
	// means there is none.
	Upstream string
	// Fixtures are folders of answers, later ones first; see the package
	// comment for their layout, and [Defaults].
	Fixtures []fs.FS
	// Faults are the rules to begin with.
	Faults []Fault
	// Latency delays every answer.
	Latency time.Duration
	// Accounts gives the accounts of access keys not made by [AccessKey].
	Accounts map[string]string
	// DefaultAccount is the account of other keys, 123456789012 when empty.
	DefaultAccount string
	// Replay keeps each answer of the upstream and gives it again to the same
	// request, writes included: seed the upstream directly.
	Replay bool
}

// Server answers as AWS would. It is an http.Handler and safe for concurrent
// use.
type Server struct {
	// URL is the address to point clients at, set by [Start].
	URL string

	tb         TB
	accounts   *accountBook
	fixtures   *fixtureSet
	faults     *faultSet
	calls      *tally
	unanswered *tally
	upstream   *upstream
	recording  *recording
	latency    time.Duration
}

// TB is what [Start] needs of a test; *testing.T has it.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// answerLayer is above every fixture folder.
const answerLayer = 1 << 20

// New returns a server for cfg, not yet listening.
func New(cfg Config) (*Server, error) {
	s := &Server{
		accounts: newAccountBook(cfg.Accounts, cfg.DefaultAccount),
		fixtures: newFixtureSet(), faults: newFaultSet(),
		calls: newTally(), unanswered: newTally(), latency: cfg.Latency,
	}
	for _, fsys := range cfg.Fixtures {
		if err := s.fixtures.load(fsys); err != nil {
			return nil, err
		}
	}
	if err := s.faults.add(cfg.Faults, true); err != nil {
		return nil, err
	}
	if cfg.Replay {
		s.recording = newRecording()
	}
	if cfg.Upstream != "" {
		var err error
		if s.upstream, err = newUpstream(cfg.Upstream); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Start serves cfg on a free loopback port until the test ends.
func Start(tb TB, cfg Config) *Server {
	tb.Helper()
	s, err := New(cfg)
	if err != nil {
		tb.Fatalf("fakeaws: %v", err)
	}
	s.tb = tb
	h := httptest.NewServer(s)
	tb.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// AWSConfig returns a client configuration for a region of an account; empty
// account means [DefaultAccount]. It tries each call once. S3 clients need
// path-style addresses on top.
func (s *Server) AWSConfig(region, account string) aws.Config {
	if account == "" {
		account = DefaultAccount
	}
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(s.URL), RetryMaxAttempts: 1, Credentials: Credentials(account),
	}
}

// Answer gives body, with status, to the calls of an operation that match.
// body is a string or bytes (XML as it goes out, or JSON) or a value to be
// marshalled as JSON. A service or operation that AWS does not have fails the
// test, or panics outside of one.
func (s *Server) Answer(service, operation string, match Match, status int, body any) {
	s.helper()
	data, err := bodyBytes(body)
	s.add(service, operation, err, &fixture{match: match, status: status, body: data})
}

// AnswerError gives an error in the protocol of the service.
func (s *Server) AnswerError(service, operation string, match Match, status int, code, message string) {
	s.helper()
	s.add(service, operation, nil, &fixture{match: match, status: status, fail: &failure{code, message}})
}

// AnswerPaged gives a JSON body that holds a full list, page by page.
func (s *Server) AnswerPaged(service, operation string, match Match, page Paging, body any) {
	s.helper()
	data, err := bodyBytes(body)
	s.add(service, operation, err, &fixture{match: match, body: data, page: &page})
}

func (s *Server) add(service, operation string, err error, f *fixture) {
	s.helper()
	f.layer = answerLayer
	if err == nil {
		err = s.fixtures.add(service, operation, f)
	}
	s.check(err)
}

// Inject appends fault rules.
func (s *Server) Inject(faults ...Fault) {
	s.helper()
	s.check(s.faults.add(faults, false))
}

// check reports a mistake of the caller.
func (s *Server) check(err error) {
	if err == nil {
		return
	}
	if s.tb == nil {
		panic(fmt.Sprintf("fakeaws: %v", err))
	}
	s.tb.Helper()
	s.tb.Fatalf("fakeaws: %v", err)
}

// helper marks the caller as one whose line says nothing to a test's reader.
func (s *Server) helper() {
	if s.tb != nil {
		s.tb.Helper()
	}
}

// ClearFaults removes all fault rules.
func (s *Server) ClearFaults() { s.check(s.faults.add(nil, true)) }

// Calls returns how often each operation was called, faults included.
func (s *Server) Calls() []CallCount { return s.calls.list() }

// Count returns how often an operation was called in all accounts and regions.
func (s *Server) Count(service, operation string) int {
	n := 0
	for _, c := range s.Calls() {
		if c.Service == service && c.Operation == operation {
			n += c.Count
		}
	}
	return n
}

// Unanswered returns the calls nobody had an answer to: no fixture, and no
// upstream or one that lacks the operation.
func (s *Server) Unanswered() []CallCount { return s.unanswered.list() }

// ResetCounts sets all counts to zero.
func (s *Server) ResetCounts() {
	s.calls.reset()
	s.unanswered.reset()
}

// ForgetUpstream drops what was recorded of and learnt about the upstream; call
// it after moto was reset.
func (s *Server) ForgetUpstream() {
	if s.recording != nil {
		s.recording.clear()
	}
	if s.upstream != nil {
		s.upstream.forgetKeys()
	}
}

// SaveRecording writes the recording as JSON lines. It needs [Config].Replay.
func (s *Server) SaveRecording(w io.Writer) error {
	if s.recording == nil {
		return fmt.Errorf("save recording: the server was not set to replay")
	}
	return s.recording.save(w)
}

// LoadRecording adds a saved recording and replays from now on. Call it before
// the server gets requests.
func (s *Server) LoadRecording(r io.Reader) error {
	if s.recording == nil {
		s.recording = newRecording()
	}
	return s.recording.load(r)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.control(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client left in the middle of its request
	}
	c := identify(r, body, s.accounts.accountOf)
	s.calls.add(countKey(c))
	fault, delay := s.faults.decide(c)
	if !wait(r.Context(), s.latency+delay) {
		return
	}
	switch {
	case fault == nil:
		s.answer(c).write(w)
	case fault.Kind == Reset:
		resetConnection(w)
	case fault.needsAnswer():
		s.answer(c).writeTruncated(w)
	default:
		fault.reply(c).write(w)
	}
}

// wait sleeps unless the client gives up first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer finds the real answer to a call.
func (s *Server) answer(c *Call) reply {
	if f, ok := s.fixtures.find(c); ok {
		r := f.reply(c)
		s.accounts.learn(c, r, false)
		return r
	}
	if r, ok := s.recall(c); ok {
		s.accounts.learn(c, r, true)
		return r
	}
	if s.upstream != nil {
		return s.ask(c)
	}
	if r, ok := answerSTS(c); ok {
		return r
	}
	s.unanswered.add(countKey(c))
	return errorReply(c, http.StatusNotImplemented, "NotImplemented",
		fmt.Sprintf("fakeaws has no answer to %s %s", c.Service, countKey(c).Operation))
}

// recall answers from the recording.
func (s *Server) recall(c *Call) (reply, bool) {
	if s.recording == nil {
		return reply{}, false
	}
	return s.recording.get(recordKey(c))
}

// ask passes a call on to the upstream and keeps the answer when recording.
func (s *Server) ask(c *Call) reply {
	r, err := s.upstream.send(c, s.accounts.knownUpstream(c.accessKey))
	if err != nil {
		s.unanswered.add(countKey(c))
		return errorReply(c, http.StatusBadGateway, "BadGateway", err.Error())
	}
	if couldNotAnswer(r) {
		s.unanswered.add(countKey(c))
	}
	r = repair(c, r)
	s.accounts.learn(c, r, true)
	if s.recording != nil {
		s.recording.put(recordKey(c), r)
	}
	return r
}
