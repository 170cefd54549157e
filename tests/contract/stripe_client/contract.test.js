// SPDX-License-Identifier: GPL-3.0-or-later
// Stripe's official client, unchanged, against counterfoil-sandbox at SANDBOX_URL.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';

const base = new URL(process.env.SANDBOX_URL);
const key = 'sk_test_counterfoil';

// The client leaves the body of an answer that it retries unread, which keeps its connection: closed at the end.
const agent = new http.Agent({ keepAlive: true });

function client(options = {}) {
  return new Stripe(options.key ?? key, {
    host: base.hostname,
    port: base.port,
    protocol: 'http',
    maxNetworkRetries: options.retries ?? 0,
    telemetry: false,
    httpAgent: agent,
  });
}

const stripe = client();

async function control(method, path, body) {
  const answer = await fetch(new URL(`/sandbox/${path}`, base), {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

async function withFaults(scenario, run) {
  await control('PUT', 'faults', scenario);
  try {
    await run();
  } finally {
    await control('PUT', 'faults', {});
  }
}

/** Rejects with an error of that type, which is given back. */
async function refused(promise, type, status, code) {
  const error = await promise.then(
    () => assert.fail('was not refused'),
    (reason) => reason,
  );
  assert.equal(error.type, type, error.message);
  assert.equal(error.statusCode, status);
  if (code !== undefined) {
    assert.equal(error.code, code);
  }
  return error;
}

function paid(amount, more = {}) {
  return stripe.paymentIntents.create({
    amount,
    currency: 'eur',
    payment_method: 'pm_card_visa',
    confirm: true,
    ...more,
  });
}

// Callbacks arrive here; each waiter is asked about every event until it takes one.
const received = [];
const waiters = new Set();
let receiver;
let endpoint;

function callback(matches, expected = 1) {
  return new Promise((resolve) => {
    const look = () => {
      const found = received.filter(({ body }) => matches(JSON.parse(body)));
      if (found.length >= expected) {
        waiters.delete(look);
        resolve(found);
      }
    };
    waiters.add(look);
    look();
  });
}

before(async () => {
  receiver = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      received.push({ body: Buffer.concat(parts).toString('utf8'), signature: request.headers['stripe-signature'] });
      response.writeHead(204).end();
      waiters.forEach((look) => look());
    });
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  endpoint = await stripe.webhookEndpoints.create({
    url: `http://127.0.0.1:${receiver.address().port}/hook`,
    enabled_events: ['*'],
  });
});

after(async () => {
  await stripe.webhookEndpoints.del(endpoint.id);
  receiver.closeAllConnections();
  receiver.close();
  agent.destroy();
});

test('creates and retrieves an intent with nested metadata', async () => {
  const created = await stripe.paymentIntents.create({
    amount: 1999,
    currency: 'eur',
    description: 'Ünïcode & + = %',
    metadata: { order_id: 'ord_1', 'odd key': 'a=b&c' },
  });
  assert.match(created.id, /^pi_[A-Za-z0-9]{24}$/);
  assert.equal(created.status, 'requires_payment_method');
  assert.match(created.lastResponse.requestId, /^req_/);
  const again = await stripe.paymentIntents.retrieve(created.id);
  assert.equal(again.amount, 1999);
  assert.equal(again.description, 'Ünïcode & + = %');
  assert.deepEqual({ ...again.metadata }, { order_id: 'ord_1', 'odd key': 'a=b&c' });
  const updated = await stripe.paymentIntents.update(created.id, { metadata: { 'odd key': '', new: '1' } });
  assert.deepEqual({ ...updated.metadata }, { order_id: 'ord_1', new: '1' });
});

test('confirms and shows the card of the charge', async () => {
  const created = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd', payment_method: 'pm_card_mastercard' });
  assert.equal(created.status, 'requires_confirmation');
  const confirmed = await stripe.paymentIntents.confirm(created.id, { expand: ['latest_charge.balance_transaction'] });
  assert.equal(confirmed.status, 'succeeded');
  assert.equal(confirmed.amount_received, 1000);
  assert.equal(confirmed.latest_charge.payment_method_details.card.brand, 'mastercard');
  assert.equal(confirmed.latest_charge.payment_method_details.card.last4, '4444');
  assert.equal(confirmed.latest_charge.balance_transaction.fee, 59);
  const charge = await stripe.charges.retrieve(confirmed.latest_charge.id);
  assert.equal(charge.captured, true);
  await refused(
    stripe.paymentIntents.confirm(created.id),
    'StripeInvalidRequestError',
    400,
    'payment_intent_unexpected_state',
  );
});

test('captures by hand, wholly and in part, and never more than authorised', async () => {
  const whole = await paid(2000, { capture_method: 'manual' });
  assert.equal(whole.status, 'requires_capture');
  assert.equal(whole.amount_capturable, 2000);
  await refused(
    stripe.paymentIntents.capture(whole.id, { amount_to_capture: 2001 }),
    'StripeInvalidRequestError',
    400,
    'amount_too_large',
  );
  const captured = await stripe.paymentIntents.capture(whole.id);
  assert.equal(captured.status, 'succeeded');
  assert.equal(captured.amount_received, 2000);

  const part = await paid(2000, { capture_method: 'manual' });
  const partly = await stripe.paymentIntents.capture(part.id, { amount_to_capture: 500 });
  assert.equal(partly.amount_received, 500);
  assert.equal(partly.amount_capturable, 0);
  await refused(stripe.paymentIntents.capture(part.id), 'StripeInvalidRequestError', 400, 'payment_intent_unexpected_state');
});

test('cancels what is not final, and nothing else', async () => {
  const authorised = await paid(700, { capture_method: 'manual' });
  const canceled = await stripe.paymentIntents.cancel(authorised.id, { cancellation_reason: 'abandoned' });
  assert.equal(canceled.status, 'canceled');
  assert.equal(canceled.cancellation_reason, 'abandoned');
  assert.ok(canceled.canceled_at > 0);
  const error = await refused(
    stripe.paymentIntents.cancel(authorised.id),
    'StripeInvalidRequestError',
    400,
    'payment_intent_unexpected_state',
  );
  assert.equal(error.payment_intent.id, authorised.id);
  const done = await paid(700);
  await refused(stripe.paymentIntents.cancel(done.id), 'StripeInvalidRequestError', 400, 'payment_intent_unexpected_state');
});

test('refunds in parts up to what was captured', async () => {
  const intent = await paid(1000);
  const first = await stripe.refunds.create({ payment_intent: intent.id, amount: 300, reason: 'duplicate' });
  assert.equal(first.status, 'succeeded');
  assert.equal((await stripe.refunds.retrieve(first.id)).amount, 300);
  await refused(stripe.refunds.create({ payment_intent: intent.id, amount: 701 }), 'StripeInvalidRequestError', 400);
  const rest = await stripe.refunds.create({ payment_intent: intent.id });
  assert.equal(rest.amount, 700);
  await refused(
    stripe.refunds.create({ payment_intent: intent.id }),
    'StripeInvalidRequestError',
    400,
    'charge_already_refunded',
  );
  const listed = await stripe.refunds.list({ payment_intent: intent.id });
  assert.deepEqual(
    listed.data.map((refund) => refund.id),
    [rest.id, first.id],
  );
  const uncaptured = await paid(1000, { capture_method: 'manual' });
  await refused(stripe.refunds.create({ payment_intent: uncaptured.id }), 'StripeInvalidRequestError', 400);
});

test('replays the answer for a key, and refuses it for other parameters', async () => {
  const params = { amount: 4200, currency: 'eur', payment_method: 'pm_card_visa', confirm: true };
  const first = await stripe.paymentIntents.create(params, { idempotencyKey: 'contract-replay' });
  const second = await stripe.paymentIntents.create(params, { idempotencyKey: 'contract-replay' });
  assert.equal(second.id, first.id);
  assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
  assert.notEqual(second.lastResponse.requestId, first.lastResponse.requestId);
  await refused(
    stripe.paymentIntents.create({ ...params, amount: 4300 }, { idempotencyKey: 'contract-replay' }),
    'StripeIdempotencyError',
    400,
  );
});

test('stores nothing for a validation failure', async () => {
  const options = { idempotencyKey: 'contract-validation' };
  await refused(
    stripe.paymentIntents.create({ amount: 1, currency: 'eur' }, options),
    'StripeInvalidRequestError',
    400,
    'amount_too_small',
  );
  const created = await stripe.paymentIntents.create({ amount: 100, currency: 'eur' }, options);
  assert.equal(created.amount, 100);
});

test('answers 409 while the same key is being executed', async () => {
  await withFaults({ default: { latency: 1000, latency_ms_min: 300, latency_ms_max: 300, per_key_max: 1 } }, async () => {
    const create = () => stripe.paymentIntents.create({ amount: 900, currency: 'eur' }, { idempotencyKey: 'contract-concurrent' });
    const slow = create();
    // The first one is known to have arrived when it is counted.
    while (((await control('GET', 'stats')).faults.latency ?? 0) === 0);
    await refused(create(), 'StripeAPIError', 409, 'idempotency_key_in_use');
    assert.equal((await create().catch(() => slow)).amount, 900);
    await slow;
  });
});

test('replays an injected 500 for ever under its key, with the effect done once', async () => {
  const options = { idempotencyKey: 'contract-500' };
  const params = { amount: 1234, currency: 'chf', payment_method: 'pm_card_visa', confirm: true, metadata: { order_id: 'after-500' } };
  await withFaults({ default: { error_after: 1000, per_key_max: 1 } }, async () => {
    await refused(stripe.paymentIntents.create(params, options), 'StripeAPIError', 500);
  });
  await refused(stripe.paymentIntents.create(params, options), 'StripeAPIError', 500);
  const found = (await stripe.paymentIntents.list({ limit: 100 })).data.filter((i) => i.metadata.order_id === 'after-500');
  assert.equal(found.length, 1);
  assert.equal(found[0].status, 'succeeded');
});

test('charges once through the client’s own retries when connections are cut', async () => {
  for (const fault of ['cut_before', 'cut_after', 'error_before']) {
    await withFaults({ default: { [fault]: 1000, per_key_max: 2 } }, async () => {
      const intent = await client({ retries: 3 }).paymentIntents.create({
        amount: 1500,
        currency: 'eur',
        payment_method: 'pm_card_visa',
        confirm: true,
        metadata: { order_id: fault },
      });
      assert.equal(intent.status, 'succeeded');
    });
  }
  const { references } = await control('GET', 'stats');
  assert.deepEqual(references.order_id.charged_more_than_once, []);
});

test('pages through lists by itself, newest first', async () => {
  const since = (await paid(5000)).created;
  const made = [];
  for (let i = 0; i < 25; ++i) {
    made.push((await stripe.paymentIntents.create({ amount: 5001 + i, currency: 'sek' })).id);
  }
  const seen = [];
  for await (const intent of stripe.paymentIntents.list({ limit: 10, created: { gte: since } })) {
    seen.push(intent.id);
  }
  assert.deepEqual(
    seen.filter((id) => made.includes(id)),
    made.toReversed(),
  );
  const page = await stripe.paymentIntents.list({ limit: 2, ending_before: made[10] });
  assert.deepEqual(
    page.data.map((intent) => intent.id),
    [made[12], made[11]],
  );
  assert.equal(page.has_more, true);
  assert.equal((await stripe.paymentIntents.list({ created: { lt: 1000 } })).data.length, 0);
  await refused(stripe.paymentIntents.list({ limit: 101 }), 'StripeInvalidRequestError', 400);
});

test('delivers callbacks that the client’s own helper verifies', async () => {
  const intent = await paid(3100, { metadata: { order_id: 'hooked' } });
  const [first] = await callback((event) => event.type === 'payment_intent.succeeded' && event.data.object.id === intent.id);
  assert.match(endpoint.secret, /^whsec_/);
  const event = stripe.webhooks.constructEvent(first.body, first.signature, endpoint.secret);
  assert.equal(event.data.object.metadata.order_id, 'hooked');
  assert.throws(() => stripe.webhooks.constructEvent(`${first.body} `, first.signature, endpoint.secret), {
    type: 'StripeSignatureVerificationError',
  });
  const fetched = await stripe.events.retrieve(event.id);
  assert.deepEqual(JSON.parse(JSON.stringify(fetched)), JSON.parse(first.body));
  const listed = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 100 });
  assert.ok(listed.data.some(({ id }) => id === event.id));
});

test('signs badly once, then well, and duplicates when told to', async () => {
  await withFaults({ callbacks: { duplicated: 1000 } }, async () => {
    const intent = await paid(3200);
    const both = await callback((event) => event.type === 'payment_intent.succeeded' && event.data.object.id === intent.id, 2);
    assert.equal(JSON.parse(both[0].body).id, JSON.parse(both[1].body).id);
  });
  await withFaults({ callbacks: { badly_signed: 1000 } }, async () => {
    const intent = await paid(3300);
    const [bad] = await callback((event) => event.type === 'payment_intent.succeeded' && event.data.object.id === intent.id);
    assert.throws(() => stripe.webhooks.constructEvent(bad.body, bad.signature, endpoint.secret));
  });
});

test('declines in the client’s shape', async () => {
  for (const [method, declineCode] of [
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ]) {
    const error = await refused(paid(800, { payment_method: method }), 'StripeCardError', 402, 'card_declined');
    assert.equal(error.decline_code, declineCode);
    assert.equal(error.payment_intent.status, 'requires_payment_method');
    assert.equal(error.payment_intent.last_payment_error.decline_code, declineCode);
    assert.match(error.requestId, /^req_/);
    const retried = await stripe.paymentIntents.confirm(error.payment_intent.id, { payment_method: 'pm_card_visa' });
    assert.equal(retried.status, 'succeeded');
    assert.equal(retried.last_payment_error, null);
  }
});

test('asks the customer first where the card says so', async () => {
  const good = await paid(600, { payment_method: 'pm_card_threeDSecure2Required' });
  assert.equal(good.status, 'requires_action');
  assert.equal(good.next_action.type, 'use_stripe_sdk');
  assert.equal((await control('POST', `intents/${good.id}/complete_action`, { outcome: 'succeed' })).status, 'succeeded');
  const bad = await paid(600, { payment_method: 'pm_card_threeDSecure2Required' });
  await control('POST', `intents/${bad.id}/complete_action`, { outcome: 'fail' });
  const after = await stripe.paymentIntents.retrieve(bad.id);
  assert.equal(after.status, 'requires_payment_method');
  assert.equal(after.last_payment_error.code, 'payment_intent_authentication_failure');
});

test('pays out what the balance holds', async () => {
  await paid(50_000, { currency: 'nok' });
  const payout = await stripe.payouts.create({ amount: 40_000, currency: 'nok' });
  assert.equal((await stripe.payouts.retrieve(payout.id)).status, 'paid');
  await refused(stripe.payouts.create({ amount: 40_000, currency: 'nok' }), 'StripeInvalidRequestError', 400, 'balance_insufficient');
  const explained = await stripe.balanceTransactions.list({ payout: payout.id });
  assert.deepEqual(
    explained.data.map(({ type, amount }) => [type, amount]),
    [
      ['payout', -40_000],
      ['charge', 50_000],
    ],
  );
});

test('refuses what Stripe refuses', async () => {
  await refused(client({ key: 'sk_test_wrong' }).balance.retrieve(), 'StripeAuthenticationError', 401);
  await refused(stripe.paymentIntents.retrieve('pi_missing'), 'StripeInvalidRequestError', 404, 'resource_missing');
  await refused(stripe.paymentIntents.create({ currency: 'eur' }), 'StripeInvalidRequestError', 400, 'parameter_missing');
  await refused(stripe.paymentIntents.create({ amount: 12.5, currency: 'eur' }), 'StripeInvalidRequestError', 400, 'parameter_invalid_integer');
  await refused(stripe.paymentIntents.create({ amount: 500, currency: 'xxz' }), 'StripeInvalidRequestError', 400);
  await refused(stripe.paymentIntents.create({ amount: 500, currency: 'eur', wrong: 1 }), 'StripeInvalidRequestError', 400, 'parameter_unknown');
  await refused(paid(500, { payment_method: 'pm_unknown' }), 'StripeInvalidRequestError', 400, 'resource_missing');
  await refused(stripe.customers.list(), 'StripeInvalidRequestError', 404);
});
