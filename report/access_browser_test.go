//go:build browser

package report

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// browse opens a page in headless Chromium, runs a script in it and gives the lines it said. The
// page's own policy would not let the script in, so it is taken out of this copy; that it lets the
// page's own script in is shown by open, which leaves it.
func browse(t *testing.T, doc, script string, flags ...string) []string {
	t.Helper()
	doc = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(doc, "")
	const probe = `<script>addEventListener('load', async () => {
	const lines = [], say = (...x) => lines.push(x.join(' ')), wait = ms => new Promise(r => setTimeout(r, ms));
	const $ = s => document.querySelector(s), $$ = s => [...document.querySelectorAll(s)];
	const type = async (at, text) => { at.value = text; at.dispatchEvent(new Event('input')); await wait(150); };
	const press = key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
	try { SCRIPT } catch (e) { say('error', e); }
	const pre = document.createElement('pre'); pre.id = 'said'; pre.textContent = lines.join('\n'); document.body.append(pre);
});</script></body>`
	doc = strings.Replace(doc, "</body>", strings.Replace(probe, "SCRIPT", script, 1), 1)
	m := regexp.MustCompile(`(?s)<pre id="said">(.*?)</pre>`).FindStringSubmatch(dump(t, doc, flags...))
	if m == nil {
		t.Fatal("the script did not end")
	}
	return strings.Split(m[1], "\n")
}

// patient lets a page wait without its time passing here. Its clock is then not that of the wall.
const patient = "--virtual-time-budget=20000"

// dump is the page's document after its scripts ran.
func dump(t *testing.T, doc string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	args := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--window-size=1400,1000", "--dump-dom",
	}, flags...)
	out, err := exec.CommandContext(ctx, "chromium", append(args, "file://"+file)...).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	return string(out)
}

// The policy of the page lets its own style and script in.
func TestMatrixRuns(t *testing.T) {
	dom := dump(t, renderAccess(t, fakeAccess(), "html", Options{}), patient)
	if n := strings.Count(dom, `role="gridcell"`); n != 12 {
		t.Errorf("%d cells, want those of 3 groups and 4 models", n)
	}
}

// What the page shows, by pointer and by keys.
func TestMatrixInBrowser(t *testing.T) {
	got := browse(t, renderAccess(t, fakeAccess(), "html", Options{}), `
		say($('#matrix .status').textContent);
		for (const line of $$('.line')) say([...line.querySelectorAll('.cell')].map(c => c.textContent || '.').join(' '));
		$('.line[data-y="0"] .cell').dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));
		say($('.tip').hidden, $('.tip .or').textContent.replace(/\s+/g, ' '));
		$('.who').focus(); press('ArrowDown'); press('ArrowRight');
		say(document.activeElement.getAttribute('aria-label'));
		say($('.tip .hops').textContent);
		press('End'); say(document.activeElement.getAttribute('aria-colindex'));
		press('Enter'); say($('dialog').open, $('dialog h2').textContent); $('dialog').close();
		await type($$('.filters input')[0], 'notebook 333344445555'); say($('#matrix .status').textContent);
		await type($$('.filters input')[0], ''); await type($$('.filters input')[1], 'inference profile'); say($('#matrix .status').textContent);
		$('.reset').click(); say($('#matrix .status').textContent);
		$$('.selects select')[0].value = 'via'; $$('.selects select')[0].dispatchEvent(new Event('change')); say($('#matrix .status').textContent);
		$$('.filters input')[0].value = '';  await type($$('.filters input')[0], 'nobody'); say($('#matrix .status').textContent);
	`, patient)
	want := []string{
		"12 principals in 3 groups, 4 models",
		"2 2 ✕ .", "● ● ● ●", ". ? . ?",
		`false aws:SourceVpce = "vpce-1"aws:MultiFactorAuthPresent = trueaws:SourceIp is in 203.0.113.0/24`,
		"anthropic.claude-3-haiku-20240307-v1:0, us-east-1: always (C1); through others with conditions",
		"bedrock:InvokeAgent on agent-alias/A1/B2role/agent-runner, execution role of the agent",
		"5",
		"true user/ann",
		"1 of 12 principals in 1 of 3 groups, 4 models",
		"10 of 12 principals in 2 of 3 groups, 1 of 4 models",
		"12 principals in 3 groups, 4 models",
		"1 of 12 principals in 1 of 3 groups, 4 models",
		"No principal matches.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// A page of 5,000 principals and 300 models stays usable, also where no two principals have the
// same access: few nodes, and filters that answer within a quarter of a second also on a busy machine.
func TestMatrixLarge(t *testing.T) {
	for _, tt := range []struct {
		name          string
		groups, bytes int
	}{
		{"240 groups", 240, 1 << 20},
		{"every principal a group", 5000, 8 << 20},
	} {
		doc := renderAccess(t, largeAccess(5000, 300, tt.groups), "html", Options{})
		if len(doc) > tt.bytes {
			t.Errorf("%s: the page has %d bytes, want at most %d", tt.name, len(doc), tt.bytes)
		}
		got := browse(t, doc, `
			const cells = $$('.cell').length, times = [];
			const at = $('.filters input'), status = $('#matrix .status');
			for (const text of ['service-7', 'team-11', '']) {
				const start = performance.now();
				at.value = text; at.dispatchEvent(new Event('change'));
				$('.grid').getBoundingClientRect(); // laid out
				times.push(performance.now() - start);
			}
			say(cells < 3000, $$('.cell').length < 3000, times.every(t => t < 250), status.textContent);
			say(cells, times.map(t => t.toFixed(1)).join(' '), performance.now().toFixed(0));
		`)
		t.Logf("%s: %d bytes; cells, ms of filters, ms to load: %s", tt.name, len(doc), got[1])
		if want := "true true true 5,000 principals in " + num(tt.groups) + " groups, 300 models"; got[0] != want {
			t.Errorf("%s: got %q, want %q", tt.name, got[0], want)
		}
	}
}

// Names that are mark-up or scripts run nothing.
func TestMatrixHostileInBrowser(t *testing.T) {
	got := browse(t, renderAccess(t, accessEverywhere(attack), "html", Options{}), `
		const asked = []; window.alert = x => asked.push(x);
		$('.line .cell').click(); await wait(50);
		say(asked.length, $$('img').length, $$('main script').length, $$('.line').length);
	`, patient)
	if diff := cmp.Diff([]string{"0 0 0 1"}, got); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}
