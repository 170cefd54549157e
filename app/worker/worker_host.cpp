// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/worker_host.h"

#include "app/common/api_error.h"
#include "app/worker/worker_loop.h"
#include "models/store/administration.h"
#include "models/store/reads/lookups.h"
#include "workflows/services/import/order_json.h"

#include <QThread>

#include <future>

namespace counterfoil {

namespace {

/// What checkout couldn't find was named in the request: the resource asked for is there.
ApiAnswer errorAnswer(const Error& error)
{
    return {error.code == ErrorCode::NotFound ? 422 : httpStatusOf(error.code), errorDocument(error)};
}

} // namespace

struct WorkerHost::Private {
    WorkerOptions options;
    QThread thread;
    std::unique_ptr<WorkerLoop> loop;
    bool running = false;
};

WorkerHost::WorkerHost(WorkerOptions options) : d(std::make_unique<Private>())
{
    d->options = std::move(options);
    d->thread.setObjectName(QStringLiteral("worker"));
}

WorkerHost::~WorkerHost()
{
    stop();
}

Result<void> WorkerHost::start()
{
    require(!d->running, "a worker is started once");
    d->thread.start();
    auto* context = new QObject;
    context->moveToThread(&d->thread);
    std::promise<Result<void>> opened;
    QMetaObject::invokeMethod(context, [&] {
        d->loop = std::make_unique<WorkerLoop>(d->options);
        Result<void> outcome = d->loop->open();
        if (!outcome) {
            d->loop.reset();
        }
        delete context;
        opened.set_value(std::move(outcome));
    });
    Result<void> outcome = opened.get_future().get();
    d->running = outcome.has_value();
    if (!outcome) {
        d->thread.quit();
        d->thread.wait();
    }
    return outcome;
}

void WorkerHost::stop(Duration grace)
{
    if (!d->running) {
        return;
    }
    d->running = false;
    std::promise<void> finished;
    QMetaObject::invokeMethod(d->loop.get(), [&] {
        QObject::connect(d->loop.get(), &WorkerLoop::stopped, d->loop.get(), [this, &finished] {
            // Everything of the loop belongs to its thread and ends there.
            d->loop->deleteLater();
            QObject::connect(d->loop.get(), &QObject::destroyed, &d->thread, [this] { d->thread.quit(); }, Qt::DirectConnection);
            (void)d->loop.release();
            finished.set_value();
        }, Qt::SingleShotConnection);
        d->loop->finish(grace);
    });
    finished.get_future().wait();
    d->thread.wait();
}

void WorkerHost::placeOrder(NewOrder order, QString actor, QString idempotencyKey, QString requestSha256, std::function<void(ApiAnswer)> done)
{
    d->loop->postUrgent([order = std::move(order), actor = std::move(actor), key = std::move(idempotencyKey), sha = std::move(requestSha256), done = std::move(done)](WorkerLoop& loop) {
        if (!loop.isReady()) {
            done(errorAnswer(Error{ErrorCode::DatabaseUnavailable, QStringLiteral("the database can't be reached; nothing was stored")}));
            return;
        }
        IntakeContext context;
        context.actor = actor;
        const auto placed = loop.placement().placeOnce(order, context, {actor, key, sha});
        loop.count(placed ? &WorkerStatistics::ordersPlaced : &WorkerStatistics::ordersRefused);
        if (!placed) {
            done(errorAnswer(placed.error()));
            return;
        }
        done({201, {{QStringLiteral("id"), placed->id.toText()}, {QStringLiteral("order_no"), order.orderNo}}});
    });
}

void WorkerHost::requestRefund(RefundCall call, std::function<void(ApiAnswer)> done)
{
    d->loop->postUrgent([call = std::move(call), done = std::move(done)](WorkerLoop& loop) {
        if (!loop.isReady()) {
            done(errorAnswer(Error{ErrorCode::DatabaseUnavailable, QStringLiteral("the database can't be reached; nothing was stored")}));
            return;
        }
        const auto order = orderOfReference(loop.connection(), call.order);
        if (!order) {
            done({httpStatusOf(order.error().code), errorDocument(order.error())});
            return;
        }
        const auto placed = loop.refunds().request(*order, call.wanted, call.idempotencyKey, call.actor, call.reason);
        if (!placed) {
            done(errorAnswer(placed.error()));
            return;
        }
        done({201, {{QStringLiteral("id"), placed->id.toText()}, {QStringLiteral("order"), order->toText()}, {QStringLiteral("amount"), moneyJson(placed->amount)}}});
    });
}

void WorkerHost::storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done)
{
    d->loop->postCallback({std::move(event), std::move(body)}, std::move(done));
}

void WorkerHost::recordRefusal(QString reason, qint64 sizeBytes, QString peer)
{
    d->loop->postUrgent([=](WorkerLoop& loop) {
        loop.count(&WorkerStatistics::callbacksRefused);
        if (loop.isReady()) {
            // A refusal that can't be recorded is counted all the same.
            (void)addCallbackRefusal(loop.connection(), loop.ids().nextValue(), reason.left(200), sizeBytes, peer.left(64), loop.clock().now());
        }
    });
}

void WorkerHost::findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done)
{
    d->loop->postUrgent([=](WorkerLoop& loop) {
        done(loop.isReady() ? apiTokenLabel(loop.connection(), tokenSha256, scope) : Result<std::optional<QString>>(fail(ErrorCode::DatabaseUnavailable)));
    });
}

void WorkerHost::runOnWriter(std::function<void(Connection&, OrderPlacement&)> work)
{
    d->loop->post([work = std::move(work)](WorkerLoop& loop) {
        require(loop.isReady(), "work on the writer needs the database");
        work(loop.connection(), loop.placement());
    });
}

WorkerStatistics WorkerHost::statistics() const
{
    return d->running ? d->loop->statistics() : WorkerStatistics();
}

bool WorkerHost::isIdle(UtcTime horizon) const
{
    bool idle = false;
    QMetaObject::invokeMethod(d->loop.get(), [&] { idle = d->loop->isIdle(horizon); }, Qt::BlockingQueuedConnection);
    return idle;
}

} // namespace counterfoil
