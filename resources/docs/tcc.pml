// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One payment by the TCC rules K1 to K8 (ARCHITECTURE.md, "Five ideas"), with the gateway as last resource.
 * tests/contract/tcc_model/run.py checks it exhaustively with Spin, and that each wrong variant breaks its own promise.
 * A change of a rule changes this model first.
 *
 *   here                        there
 *   Worker                      workflows/engine/job_runner.cpp (claim, lease, epoch), job_handlers.cpp
 *     prepare_send, apply       workflows/engine/gateway_dialogue.cpp: prepareSend, preparePoll, apply...
 *     observe, advance, cancel, workflows/engine/payment_process.cpp, functions of the same names
 *     ensure_write, late_success
 *     ensure_poll, requeue      workflows/engine/exchange_factory.cpp
 *     decide, drive, try        workflows/tcc/coordinator.cpp: decide, drive, tryAll
 *   Participant                 workflows/tcc/fence.cpp: the table of Try/Confirm/Cancel and fence state
 *   Outside                     the buyer and the clock: cancel.requested and timeout.payment of resources/workflows/order.scxml
 *   Gateway, Bank               Stripe's PaymentIntent and Refund as far as design chapter 30-gateway describes them
 *
 * How the world is bent, and why nothing is lost by it:
 *   - Every `atomic` is one database transaction under the order's lock, or one step of a stranger.
 *   - A message is one bit of a set: "at least one copy is on its way". Whoever takes it may leave it there (duplicate), it may
 *     vanish (loss), and any other may be taken first (reordering). Copies carry the same key and the same content.
 *   - A request counts as sent in the transaction that commits `sending`. A sender that pauses before its first byte is a
 *     request that is slow on its way; one that dies there is a request that was lost. So the epoch fences its row and not its bytes.
 *   - A lease runs out whenever it likes, also under a worker that lives. `job` says who holds it: that is the epoch.
 *   - A participant's reply comes at once or never: what it says of the fence stays true, and after a decision nobody asks.
 *   - Faults are without number: crashes, losses, duplicates, lost leases. With -DBOUNDED their number is bounded, and then
 *     every run has to end: the property `ends`, under weak fairness.
 *   - What participants see of the gateway is when the decision falls, and that can be any time without a gateway too. So both halves
 *     are checked apart: OUTSIDE=0 with participants in other databases, and SAME_DATABASE with the gateway, as the program has it.
 *
 * Left out: manual capture, refunds that a person asks for, a second object from a create under a new key, keys that were pruned.
 *
 * The variants that must fail: CANCEL_ON_TIMEOUT, NO_COMPARE_AND_SET, NO_TOMBSTONE, SENT_BEFORE_COMMIT, REFUND_AGAIN,
 * NO_PURGE_GUARD, AMOUNT_UNCHECKED, NO_LATE_REFUND, NO_FENCE, CHARGED_BEFORE_TRIED, NO_POLL.
 */

#define BRANCHES 2
#define WORKERS 2

/* What the verifier says is a number; a replay of the trail prints the name. */
#define PROMISE(cond, name) if :: (cond) :: else -> printf("broken: "); printf(#name); printf("\n"); assert(false) fi

/* The TCC transaction, its branches, and the fences at the participants. */
mtype:decision = { trying, confirming, confirmed, cancelling, cancelled };
mtype:phase = { registered, tried, branch_refused, driven };
mtype:fence = { no_fence, fence_tried, fence_confirmed, fence_cancelled, tombstone };

/* A gateway exchange. */
mtype:exchange = { absent, queued, sending, unknown, answered, refused, withdrawn };

/* The gateway's object, and what an answer says. */
mtype:object = { nothing, open, declined, processing, succeeded, canceled };
mtype:reply = { no_reply, rejected, is_nothing, is_open, is_declined, is_processing, is_succeeded, is_canceled, is_refunded };

/* Exchanges, their jobs, and a worker's call; a poll has a job and no row of its own here. */
#define CREATE 0
#define CONFIRM 1
#define CANCEL 2
#define REFUND 3
#define POLL 4
#define IDLE 5

/* A job's state. */
#define GONE 0
#define READY 1
#define LEASED 2 /* + the worker's number */

mtype:decision decision = trying;
mtype:phase phase[BRANCHES] = registered;
mtype:fence fence[BRANCHES] = no_fence;
mtype:exchange ex[4] = absent;
byte job[5];
bit poll_again;     /* asked for again while it ran */
bit create_touched; /* an attempt was made: `attempt > 0` */
bit fetched;        /* fetched since the last refused cancellation */
bit known;          /* the object's id is stored: gatewayRef */
bit wants_cancel;   /* the order is in `cancelling` */
bit conflicted;     /* another amount than was asked: a person decides */
bit in_case;        /* a refund whose end a person has to find out */
bit refund_booked;
bit purged[BRANCHES];

/* What is on its way. */
bit net[4];
bit try_msg[BRANCHES], confirm_msg[BRANCHES], cancel_msg[BRANCHES];
bit callback_succeeded, callback_canceled;

/* Workers. */
byte call[WORKERS] = IDLE;
mtype:reply reply[WORKERS] = no_reply;

/* The gateway. */
mtype:object object = nothing;
mtype:reply stored[4] = no_reply; /* the answer under the key of each request */
bit outside = 1;   /* money comes from outside; else the wallet pays alone */
bit wrong;         /* it takes another amount than was asked */
bit rejects;       /* it rejects the create */
bit broke_word;    /* it took money after it had said `canceled` */
bit out_of_time;   /* the try deadline has passed */

/* What has happened, for the promises only. */
bit was_confirmed, was_cancelled;
byte refunds;
bit holds[BRANCHES], undone[BRANCHES];
byte uses[BRANCHES];

#ifdef BOUNDED
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef STEALS
#define STEALS 1
#endif
#ifndef LOSSES
#define LOSSES 1
#endif
#ifndef COPIES
#define COPIES 1
#endif
byte crashes = CRASHES;
byte steals = STEALS;
byte losses = LOSSES;
byte copies = COPIES;
#define MAY(n) n > 0
#define SPEND(n) n--
#else
#define MAY(n) true
#define SPEND(n) skip
#endif

#define ALL(what, value) (what[0] == value && what[1] == value)
#define IS_CANCEL (decision == cancelling || decision == cancelled)
#define IS_FINAL (decision == confirmed || decision == cancelled)

/* Taken from the net, or a copy of it. */
inline forget(message)
{
	if
	:: message = 0
#ifndef NO_COPIES
	:: MAY(copies) -> SPEND(copies)
#endif
	fi
}

/* ---- coordinator: workflows/tcc/coordinator.cpp ------------------------------------------------------------------------ */

/* Participants in the same database are driven in the transaction of the decision. */
inline drive_here(used)
{
#ifdef SAME_DATABASE
	uses[0] = used; uses[1] = used;
	holds[0] = 0; holds[1] = 0;
	phase[0] = driven; phase[1] = driven;
	decision = (decision == confirming -> confirmed : cancelled);
	wants_cancel = 1 /* says nothing any more */
#else
	skip
#endif
}

/* K3, and K2: one compare-and-set from `trying`. */
inline decide_confirm()
{
	PROMISE(ALL(phase, tried), confirm_only_when_all_is_tried);
	PROMISE(!outside || (object == succeeded && !wrong), confirm_only_with_exactly_the_money);
	PROMISE(!was_cancelled, a_decision_never_flips);
	was_confirmed = 1;
	decision = confirming;
	drive_here(1)
}

inline decide_cancel()
{
	PROMISE(!was_confirmed, a_decision_never_flips);
	PROMISE(!outside || broke_word || object == canceled || (object == nothing && (rejects || !net[CREATE])), cancel_only_when_no_money_can_come);
	was_cancelled = 1;
	decision = cancelling;
	drive_here(0)
}

/* ---- exchanges and jobs: workflows/engine/exchange_factory.cpp --------------------------------------------------------- */

inline ensure_poll()
{
#ifndef NO_POLL
	if
	:: job[POLL] == GONE -> job[POLL] = READY
	:: job[POLL] >= LEASED -> poll_again = 1
	:: else
	fi
#else
	skip
#endif
}

inline queue(op)
{
	ex[op] = queued;
	if
	:: job[op] == GONE -> job[op] = READY
	:: else -> PROMISE(job[op] == READY, a_queued_request_has_its_job)
	fi
}

inline withdraw(op)
{
	if
	:: ex[op] == queued ->
		ex[op] = withdrawn;
		if
		:: job[op] == READY -> job[op] = GONE
		:: else
		fi
	:: else
	fi
}

inline close(op)
{
	withdraw(op);
	if
	:: ex[op] == unknown -> ex[op] = answered
	:: else
	fi
}

/* ---- payment: workflows/engine/payment_process.cpp --------------------------------------------------------------------- */

inline ensure_write(op)
{
	if
	:: ex[op] == absent || ex[op] == withdrawn -> queue(op)
	:: ex[op] == queued || ex[op] == sending
	:: op == CANCEL && ex[op] == refused && fetched -> stored[op] = no_reply; queue(op)
	:: ex[op] == unknown -> queue(op)
	:: else -> ensure_poll()
	fi
}

inline cancel()
{
	wants_cancel = 1;
	if
	:: decision == trying ->
		withdraw(CONFIRM);
		if
		:: !known && (ex[CREATE] == absent || ex[CREATE] == refused || ex[CREATE] == withdrawn || (ex[CREATE] == queued && !create_touched)) ->
			withdraw(CREATE);
			decide_cancel()
		:: else ->
			if
			:: known -> ensure_write(CANCEL)
			:: else -> ensure_poll()
			fi
		fi
	:: else
	fi
}

/* K8 */
inline late_success()
{
#ifndef NO_LATE_REFUND
	if
	:: ex[REFUND] == absent && !conflicted -> queue(REFUND)
	:: else
	fi
#else
	skip
#endif
}

inline advance(what)
{
	if
	:: wants_cancel && what != is_processing -> ensure_write(CANCEL)
	:: what == is_processing -> ensure_poll()
	:: !wants_cancel && what == is_declined -> cancel()
	:: !wants_cancel && what == is_open -> ensure_write(CONFIRM)
	fi
}

/* `what` is one of is_open, is_declined, is_processing, is_succeeded, is_canceled. */
inline observe(what)
{
	known = 1;
	create_touched = 1;
	if
#ifndef AMOUNT_UNCHECKED
	:: what == is_succeeded && wrong -> conflicted = 1
#endif
	:: else ->
		if
		:: what == is_succeeded || what == is_canceled -> close(CREATE); close(CONFIRM); close(CANCEL)
		:: else
		fi;
		if
		:: what == is_succeeded && decision == trying -> decide_confirm()
		:: what == is_succeeded && IS_CANCEL -> late_success()
		:: what == is_canceled && decision == trying -> decide_cancel()
		:: what == is_canceled && !IS_CANCEL && decision != trying -> PROMISE(broke_word, the_gateway_and_we_agree)
		:: what != is_succeeded && what != is_canceled && decision == trying -> advance(what)
		:: else
		fi
	fi
}

/* ---- the gateway's answers: workflows/engine/gateway_dialogue.cpp ------------------------------------------------------ */

inline finish(k)
{
	job[k] = GONE;
	if
	:: k == POLL && poll_again -> poll_again = 0; job[k] = READY
	:: else
	fi
}

inline refund_unknown()
{
#ifdef REFUND_AGAIN
	stored[REFUND] = no_reply; /* another key */
	queue(REFUND)
#else
	in_case = 1
#endif
}

/* Commits `sending` and only then sends. */
inline prepare_send(op)
{
	if
	:: ex[op] == sending ->
		/* Its worker was lost: asked about, and a refund only ever by a person. */
		ex[op] = unknown;
		finish(op);
		if
		:: op == REFUND -> refund_unknown()
		:: else -> ensure_poll()
		fi
	:: ex[op] == queued && op != REFUND && decision != trying -> ex[op] = withdrawn; finish(op)
	:: ex[op] == queued && (op == REFUND || decision == trying) ->
#ifndef SENT_BEFORE_COMMIT
		ex[op] = sending;
		create_touched = create_touched | (op == CREATE);
#endif
		job[op] = LEASED + me;
		call[me] = op;
		net[op] = 1
	:: else -> finish(op)
	fi
}

inline prepare_poll()
{
	if
	:: decision != trying -> finish(POLL)
	:: else -> job[POLL] = LEASED + me; call[me] = POLL
	fi
}

inline apply_poll(what)
{
	if
	:: what == is_nothing ->
		finish(POLL);
		if
		:: decision == trying && !known -> ensure_write(CREATE)
		:: else
		fi
	:: else -> fetched = 1; observe(what); finish(POLL)
	fi
}

inline apply_refund(what)
{
	finish(REFUND);
	if
	:: what == is_refunded -> ex[REFUND] = answered; refund_booked = 1
	:: what == rejected -> ex[REFUND] = refused; in_case = 1
	fi
}

inline apply_write(op, what)
{
	finish(op);
	if
	:: what == rejected -> ex[op] = refused; cancel()
	:: else ->
		if
		:: op == CONFIRM && (what == is_declined || what == is_canceled) -> ex[op] = refused
		:: op == CANCEL && what != is_canceled -> ex[op] = refused; fetched = 0
		:: else -> ex[op] = answered
		fi;
		observe(what)
	fi
}

/* The connection was lost, or the deadline passed. */
inline apply_unknown(op)
{
	if
	:: op == POLL -> job[POLL] = READY
	:: op == REFUND -> ex[REFUND] = unknown; finish(REFUND); refund_unknown()
	:: op != POLL && op != REFUND && decision != trying -> ex[op] = answered; finish(op)
	:: op == CREATE && decision == trying -> ex[op] = queued; job[op] = READY
	:: (op == CONFIRM || op == CANCEL) && decision == trying -> ex[op] = unknown; finish(op); ensure_poll()
	fi
}

/* ---- workers: workflows/engine/job_runner.cpp -------------------------------------------------------------------------- */

#define IS_SEND_READY (job[CREATE] == READY || job[CONFIRM] == READY || job[CANCEL] == READY || job[REFUND] == READY)
#define OTHER (1 - me)
/* Ready; or leased by a worker that has let go of it: by me, since I am idle, or by the other; or the lease ran out under it. */
#define IS_STOLEN(k) (job[k] == LEASED + OTHER && call[OTHER] == k)
#define IS_DUE(k) (job[k] == READY || job[k] == LEASED + me || (job[k] == LEASED + OTHER && call[OTHER] != k) || (IS_STOLEN(k) && MAY(steals)))

inline let_go()
{
	call[me] = IDLE;
	reply[me] = no_reply
}

inline claim(k)
{
	if
	:: IS_STOLEN(k) -> SPEND(steals); call[OTHER] = IDLE; reply[OTHER] = no_reply
	:: else
	fi
}

proctype Worker(bit me)
{
end:
	do
	/* The try phase: K1, all branches are there. */
#ifdef SAME_DATABASE
	:: atomic {
		decision == trying && phase[0] == registered && !wants_cancel ->
		phase[0] = tried; phase[1] = tried;
		holds[0] = 1; holds[1] = 1
	   }
#else
	:: atomic { decision == trying && phase[0] == registered && !try_msg[0] && !wants_cancel -> try_msg[0] = 1 }
	:: atomic { decision == trying && phase[1] == registered && !try_msg[1] && !wants_cancel -> try_msg[1] = 1 }
#endif
	/* K4: a refused try cancels at once. */
	:: atomic { decision == trying && !wants_cancel && (phase[0] == branch_refused || phase[1] == branch_refused) -> cancel() }
	/* payment.charge: nothing can be sent before every try is OK. */
	:: atomic {
		decision == trying && !wants_cancel && ex[CREATE] == absent &&
#ifdef CHARGED_BEFORE_TRIED
		phase[0] == tried ->
#else
		ALL(phase, tried) ->
#endif
		if
		:: outside -> queue(CREATE)
		:: else -> decide_confirm()
		fi
	   }
	/* K5: phase two goes to every branch, tried or not. K6: final when all are done. */
	:: atomic { decision == confirming && phase[0] != driven && !confirm_msg[0] -> confirm_msg[0] = 1 }
	:: atomic { decision == confirming && phase[1] != driven && !confirm_msg[1] -> confirm_msg[1] = 1 }
	:: atomic { decision == cancelling && phase[0] != driven && !cancel_msg[0] -> cancel_msg[0] = 1 }
	:: atomic { decision == cancelling && phase[1] != driven && !cancel_msg[1] -> cancel_msg[1] = 1 }
	:: atomic { decision == confirming && ALL(phase, driven) -> decision = confirmed }
	:: atomic { decision == cancelling && ALL(phase, driven) -> decision = cancelled }
	/* K7: recovery is the search for due jobs. Sending comes before asking, which has its delays. */
	:: atomic { call[me] == IDLE && IS_DUE(CREATE) -> claim(CREATE); prepare_send(CREATE) }
	:: atomic { call[me] == IDLE && IS_DUE(CONFIRM) -> claim(CONFIRM); prepare_send(CONFIRM) }
	:: atomic { call[me] == IDLE && IS_DUE(CANCEL) -> claim(CANCEL); prepare_send(CANCEL) }
	:: atomic { call[me] == IDLE && IS_DUE(REFUND) -> claim(REFUND); prepare_send(REFUND) }
	:: atomic { call[me] == IDLE && !IS_SEND_READY && IS_DUE(POLL) -> claim(POLL); prepare_poll() }
	/* The answer to a question, as it was when it was answered; the one that is stored under a request's key. */
	:: atomic { call[me] == POLL && reply[me] != no_reply -> apply_poll(reply[me]); let_go() }
	:: atomic { call[me] == REFUND && stored[REFUND] != no_reply -> apply_refund(stored[REFUND]); let_go() }
	:: atomic { call[me] < REFUND && stored[call[me]] != no_reply -> apply_write(call[me], stored[call[me]]); let_go() }
	/* No answer. */
	:: atomic {
#ifdef BOUNDED
		call[me] != IDLE && (losses > 0 || (call[me] < POLL && stored[call[me]] == no_reply && !net[call[me]])) ->
		if
		:: call[me] < POLL && stored[call[me]] == no_reply && !net[call[me]]
		:: losses > 0 -> losses--
		fi;
#else
		call[me] != IDLE ->
#endif
		apply_unknown(call[me]);
		let_go()
	   }
	/* The request never left. */
	:: atomic { call[me] < POLL && ex[call[me]] == sending && net[call[me]] && MAY(losses) ->
		SPEND(losses);
		net[call[me]] = 0;
		ex[call[me]] = queued;
		job[call[me]] = READY;
		let_go()
	   }
#ifdef CANCEL_ON_TIMEOUT
	:: atomic { call[me] != IDLE && decision == trying -> decide_cancel() }
#endif
	/* A crash: the row keeps its lease, what was in memory is gone. */
	:: atomic { call[me] != IDLE && MAY(crashes) -> SPEND(crashes); let_go() }
	/* Callbacks are stored, then applied by any worker. */
	:: atomic { callback_succeeded -> forget(callback_succeeded); observe(is_succeeded) }
	:: atomic { callback_canceled -> forget(callback_canceled); observe(is_canceled) }
	od
}

/* ---- participants: workflows/tcc/fence.cpp ----------------------------------------------------------------------------- */

/* One transaction of the participant: fence and effect. The reply comes, or is lost. */
inline on_try(b)
{
	if
	:: fence[b] == no_fence && !out_of_time ->
		if
		:: true ->
			PROMISE(!undone[b], no_try_after_cancel);
			PROMISE(!holds[b] && uses[b] == 0, no_effect_twice);
			holds[b] = 1;
			fence[b] = fence_tried;
			ok = 1
		:: phase[b] == registered -> ok = 0
		fi
	:: fence[b] == no_fence && out_of_time -> ok = 0
	:: fence[b] == fence_tried || fence[b] == fence_confirmed -> ok = 1
	:: fence[b] == fence_cancelled || fence[b] == tombstone -> ok = 0
	fi;
	if
	:: decision == trying && phase[b] == registered ->
		if
		:: ok -> phase[b] = tried
		:: !ok -> phase[b] = branch_refused
		:: MAY(losses) -> SPEND(losses)
		fi
	:: else
	fi;
	ok = 0
}

inline on_confirm(b)
{
	if
#ifdef NO_FENCE
	:: fence[b] == fence_tried || fence[b] == fence_confirmed ->
#else
	:: fence[b] == fence_tried ->
#endif
		PROMISE(uses[b] == 0, no_effect_twice);
		uses[b]++;
		holds[b] = 0;
		fence[b] = fence_confirmed
#ifndef NO_FENCE
	:: fence[b] == fence_confirmed
#endif
	:: else -> PROMISE(false, what_was_tried_can_be_confirmed)
	fi;
	if
	:: phase[b] = driven
	:: MAY(losses) -> SPEND(losses)
	fi
}

inline on_cancel(b)
{
	if
	:: fence[b] == no_fence ->
		undone[b] = 1;
#ifndef NO_TOMBSTONE
		fence[b] = tombstone
#endif
	:: fence[b] == fence_tried -> holds[b] = 0; undone[b] = 1; fence[b] = fence_cancelled
	:: fence[b] == fence_cancelled || fence[b] == tombstone
	:: else -> PROMISE(false, nothing_confirmed_is_cancelled)
	fi;
	if
	:: phase[b] = driven
	:: MAY(losses) -> SPEND(losses)
	fi
}

proctype Participant(bit b)
{
	bit ok;
end:
	do
	:: atomic { try_msg[b] -> forget(try_msg[b]); on_try(b) }
	:: atomic { confirm_msg[b] -> forget(confirm_msg[b]); on_confirm(b) }
	:: atomic { cancel_msg[b] -> forget(cancel_msg[b]); on_cancel(b) }
	/* Fences go when the transaction is final, past the deadline and the longest delivery. */
#ifdef NO_PURGE_GUARD
	:: atomic { IS_FINAL && !purged[b] -> purged[b] = 1; fence[b] = no_fence }
#else
	:: atomic { IS_FINAL && !purged[b] && out_of_time && !try_msg[b] && !confirm_msg[b] && !cancel_msg[b] -> purged[b] = 1; fence[b] = no_fence }
#endif
	od
}

/* ---- the gateway ------------------------------------------------------------------------------------------------------- */

inline state_of(what)
{
	if
	:: object == nothing -> what = is_nothing
	:: object == open -> what = is_open
	:: object == declined -> what = is_declined
	:: object == processing -> what = is_processing
	:: object == succeeded -> what = is_succeeded
	:: object == canceled -> what = is_canceled
	fi
}

inline take_money()
{
	object = succeeded;
	callback_succeeded = 1
}

/* The answer is stored under the request's key, and comes to the worker that waits when it pleases, or never. */
proctype Gateway()
{
end:
	do
	:: atomic {
		net[CREATE] ->
		forget(net[CREATE]);
		if
		:: rejects -> stored[CREATE] = rejected
		:: !rejects && object == nothing -> object = open; stored[CREATE] = is_open
		:: else
		fi
	   }
	:: atomic {
		net[CONFIRM] ->
		forget(net[CONFIRM]);
		if
		:: stored[CONFIRM] == no_reply ->
			if
			:: object == open || object == declined ->
				if
				:: take_money()
				:: object = processing
				:: object = declined
				fi
			:: else
			fi;
			state_of(stored[CONFIRM])
		:: else
		fi
	   }
	/* A cancellation that is refused stores nothing: it is judged anew. */
	:: atomic {
		net[CANCEL] ->
		forget(net[CANCEL]);
		if
		:: object == open || object == declined -> object = canceled; callback_canceled = 1
		:: else
		fi;
		state_of(stored[CANCEL])
	   }
	:: atomic {
		net[REFUND] ->
		forget(net[REFUND]);
		if
		:: stored[REFUND] == no_reply ->
			refunds++;
			PROMISE(refunds == 1, no_effect_twice);
			stored[REFUND] = is_refunded
		:: else
		fi
	   }
	:: atomic { call[0] == POLL && reply[0] == no_reply -> state_of(reply[0]) }
	:: atomic { call[1] == POLL && reply[1] == no_reply -> state_of(reply[1]) }
	od
}

/* What happens to the money by itself. */
proctype Bank()
{
end:
	do
	:: atomic { object == processing -> if :: take_money() :: object = declined fi }
	od
}

/* ---- the rest of the world --------------------------------------------------------------------------------------------- */

proctype Outside()
{
#ifdef NO_COMPARE_AND_SET
	bit hasty;
#endif
end:
	do
	/* The buyer cancels; the time to pay runs out (the deadline of the tries is the same moment). */
	:: atomic { !wants_cancel && !conflicted && decision == trying -> cancel() }
#ifndef SAME_DATABASE
	:: atomic { !out_of_time ->
		out_of_time = 1;
		if
		:: !wants_cancel && !conflicted && decision == trying -> cancel()
		:: else
		fi
	   }
#endif
#ifdef NO_COMPARE_AND_SET
	:: atomic { !hasty && decision == trying -> hasty = 1 }
	:: atomic { hasty -> hasty = 0; decide_cancel() }
#endif
	/* A declined payment is paid another way; a gateway that takes money after all. */
	:: atomic { object == declined -> take_money() }
#ifndef KEEPS_ITS_WORD
	:: atomic { object == canceled && !broke_word && !wrong -> broke_word = 1; take_money() }
#endif
	/* Loss. A late success is reported until it is heard, as gateways do. */
	:: atomic { MAY(losses) && net[CREATE] -> SPEND(losses); net[CREATE] = 0 }
	:: atomic { MAY(losses) && net[CONFIRM] -> SPEND(losses); net[CONFIRM] = 0 }
	:: atomic { MAY(losses) && net[CANCEL] -> SPEND(losses); net[CANCEL] = 0 }
	:: atomic { MAY(losses) && net[REFUND] -> SPEND(losses); net[REFUND] = 0 }
	:: atomic { MAY(losses) && try_msg[0] -> SPEND(losses); try_msg[0] = 0 }
	:: atomic { MAY(losses) && try_msg[1] -> SPEND(losses); try_msg[1] = 0 }
	:: atomic { MAY(losses) && confirm_msg[0] -> SPEND(losses); confirm_msg[0] = 0 }
	:: atomic { MAY(losses) && confirm_msg[1] -> SPEND(losses); confirm_msg[1] = 0 }
	:: atomic { MAY(losses) && cancel_msg[0] -> SPEND(losses); cancel_msg[0] = 0 }
	:: atomic { MAY(losses) && cancel_msg[1] -> SPEND(losses); cancel_msg[1] = 0 }
	:: atomic { MAY(losses) && callback_succeeded && !broke_word -> SPEND(losses); callback_succeeded = 0 }
	:: atomic { MAY(losses) && callback_canceled -> SPEND(losses); callback_canceled = 0 }
	od
}

/* Nothing is on its way and nothing is due: the payment is over, or with a person. */
proctype Auditor()
{
end:
	timeout ->
	PROMISE(IS_FINAL || conflicted, every_payment_ends);
	PROMISE(!IS_FINAL || (ALL(phase, driven) && !holds[0] && !holds[1] && uses[0] == uses[1] && uses[0] == (decision == confirmed)), all_branches_end_alike);
	PROMISE(decision != confirmed || !outside || object == succeeded, confirm_only_with_exactly_the_money);
	PROMISE(decision != cancelled || object != succeeded || refund_booked || in_case || conflicted, never_charged_and_cancelled_without_refund)
}

init
{
	atomic {
#ifdef OUTSIDE
		outside = OUTSIDE;
#else
		if
		:: outside = 1
		:: outside = 0
		fi;
#endif
		if
		:: outside -> wrong = 1
		:: outside -> rejects = 1
		:: true
		fi;
		run Worker(0);
#ifndef ONE_WORKER
		run Worker(1);
#endif
		run Participant(0);
		run Participant(1);
		run Gateway();
		run Bank();
		run Outside();
		run Auditor()
	}
}

#ifdef BOUNDED
ltl ends { <> (IS_FINAL || conflicted) }
#endif
