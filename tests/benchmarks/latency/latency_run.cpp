// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/latency/latency_run.h"

#include "models/base/id_source.h"
#include "models/store/reads/order_reads.h"
#include "models/store/unit_of_work.h"
#include "workflows/gateway/callback_verifier.h"

#include <QNetworkReply>
#include <QTimer>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int testNode = 1001;
/// How long the gateway thinks: as cards usually take, and too short for the worker to ask.
constexpr qint64 delayNs = 500'000'000;
/// A page of the console's list.
constexpr int newestOrders = 200;
constexpr int endMs = 20'000;

} // namespace

double percentile(const std::vector<double>& sorted, double share)
{
    return sorted.empty() ? 0 : sorted.at(std::min(sorted.size() - 1, static_cast<size_t>(static_cast<double>(sorted.size()) * share)));
}

LatencyRun::LatencyRun(DatabaseKind kind, int perSecond, int seconds) : m_perSecond(perSecond), m_seconds(seconds), m_stage(kind, m_gateway.url())
{
}

Result<void> LatencyRun::fillShop()
{
    const SystemClock clock;
    IdSource ids(clock, testNode);
    UnitOfWork work(m_stage.database().writer(), clock, ids);
    CF_TRY(work.begin());
    const MerchantId merchant = work.merchants.add({ids.next<MerchantId>(), QStringLiteral("quill"), QStringLiteral("Quill"), BasisPoints(1000), work.now()}).id;
    const WarehouseId warehouse = work.warehouses.add({ids.next<WarehouseId>(), QStringLiteral("SHOP"), QStringLiteral("Shop")}).id;
    const ProductId product = work.products.add({ids.next<ProductId>(), QStringLiteral("P-1"), QStringLiteral("Pen"), QStringLiteral("things"), merchant}).id;
    const SkuId sku = work.skus.add({ids.next<SkuId>(), product, QStringLiteral("PEN"), QStringLiteral("plain"), FulfilmentKind::Physical}).id;
    const Money price(qint64{199}, *Currency::parse(u"USD"));
    work.priceTiers.add({ids.next<PriceTierId>(), sku, 1, price.currency(), price, {}, {}, {}});
    work.stocks.add({ids.next<StockId>(), sku, warehouse, 1'000'000, 0, 0});
    return work.commit();
}

QString LatencyRun::run()
{
    if (const QString problem = m_stage.start(); !problem.isEmpty()) {
        return problem;
    }
    if (const auto filled = fillShop(); !filled) {
        return filled.error().text();
    }
    m_executor = std::make_unique<ReadExecutor>(m_stage.database().url());
    connect(m_executor.get(), &ReadExecutor::changed, this, &LatencyRun::look);
    m_clock.start();
    connect(&m_gateway, &SlowGateway::processing, this, [this](const QByteArray& intent) { m_processing.emplace_back(m_clock.nsecsElapsed() + delayNs, intent); });
    QTimer pace;
    pace.setTimerType(Qt::PreciseTimer);
    connect(&pace, &QTimer::timeout, this, [this] {
        const qint64 due = m_clock.elapsed() * m_perSecond / 1000;
        while (m_report.placed < std::min<qint64>(due, qint64{m_perSecond} * m_seconds)) {
            placeOrder();
        }
        sendCallback();
    });
    pace.start(1000 / m_perSecond / 4);
    const int wanted = m_perSecond * m_seconds;
    // An event loop, since QTest::qWaitFor() sleeps for 10 ms between its looks: all that is measured here would be rounded up to that.
    QTimer::singleShot(m_seconds * 1000 + endMs, &m_loop, &QEventLoop::quit);
    m_loop.exec();
    const bool done = m_report.seen == wanted;
    m_report.ordersPerSecond = m_report.seen * 1000.0 / std::max<qint64>(1, m_clock.elapsed() - delayNs / 1'000'000);
    std::ranges::sort(m_report.answeredMs);
    std::ranges::sort(m_report.visibleMs);
    const QString missing = done ? QString() : QStringLiteral("%1 placed, %2 callbacks, %3 seen").arg(m_report.placed).arg(m_report.called).arg(m_report.seen);
    m_executor.reset();
    const bool stopped = m_stage.process().stop();
    return missing + m_complaints.mid(0, 5).join(u'\n') + (stopped ? QString() : QStringLiteral("the worker didn't stop"));
}

void LatencyRun::placeOrder()
{
    const int number = ++m_report.placed;
    QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1/v1/orders").arg(m_stage.port())));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    request.setRawHeader("Authorization", "Bearer " + WorkerStage::token);
    request.setRawHeader("Idempotency-Key", "order-" + QByteArray::number(number));
    const QByteArray body = QStringLiteral(R"({"order_no":"L-%1","buyer":{"ref":"B-%2","name":"Ada"},"currency":"usd","items":[{"sku":"PEN","quantity":1}],)"
                                           R"("funding":"gateway","payment_method":"pm_card_visa"})")
                                .arg(number)
                                .arg(number % 97)
                                .toUtf8();
    QNetworkReply* const reply = m_network.post(request, body);
    connect(reply, &QNetworkReply::finished, this, [this, reply] {
        reply->deleteLater();
        if (reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 201) {
            m_complaints << reply->errorString() + QString::fromUtf8(reply->readAll().left(200));
        }
    });
}

QTcpSocket& LatencyRun::freeSocket()
{
    for (auto& [socket, sentNs] : m_sockets) {
        if (sentNs == 0 && socket->state() == QAbstractSocket::ConnectedState) {
            return *socket;
        }
    }
    auto made = std::make_unique<QTcpSocket>();
    made->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    made->connectToHost(QStringLiteral("127.0.0.1"), m_stage.port());
    made->waitForConnected(5000);
    QTcpSocket* const socket = made.get();
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        const QByteArray answer = socket->readAll();
        const auto entry = std::ranges::find_if(m_sockets, [socket](const auto& each) { return each.first.get() == socket; });
        m_report.answeredMs.push_back(static_cast<double>(m_clock.nsecsElapsed() - entry->second) / 1e6);
        entry->second = 0;
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            m_complaints << QString::fromUtf8(answer.left(200));
        }
    });
    m_sockets.emplace_back(std::move(made), 0);
    return *socket;
}

void LatencyRun::sendCallback()
{
    while (!m_processing.empty() && m_processing.front().first <= m_clock.nsecsElapsed()) {
        const QByteArray intent = m_processing.front().second;
        m_processing.pop_front();
        const QByteArray event = m_gateway.succeeded(intent);
        QTcpSocket& socket = freeSocket();
        const QByteArray request = "POST /v1/callbacks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nStripe-Signature: "
            + signCallback(WorkerStage::callbackSecret, event, SystemClock().now()) + "\r\nContent-Length: " + QByteArray::number(event.size()) + "\r\n\r\n" + event;
        const qint64 now = m_clock.nsecsElapsed();
        std::ranges::find_if(m_sockets, [&socket](const auto& each) { return each.first.get() == &socket; })->second = now;
        m_sentNs.emplace(OrderId::parse(QString::fromLatin1(m_gateway.orderOf(intent))).value(), now);
        ++m_report.called;
        socket.write(request);
        socket.flush();
    }
}

void LatencyRun::look()
{
    if (m_looking) {
        m_lookAgain = true;
        return;
    }
    m_looking = true;
    m_executor->read(
        this, [](Connection& connection) { return orderPage(connection, {}, {.limit = newestOrders}); },
        [this](const Result<std::vector<Order>>& rows) {
            takeRows(rows);
            m_looking = false;
            if (std::exchange(m_lookAgain, false)) {
                look();
            }
        });
}

void LatencyRun::takeRows(const Result<std::vector<Order>>& rows)
{
    if (!rows) {
        m_complaints << rows.error().text();
        return;
    }
    const qint64 now = m_clock.nsecsElapsed();
    for (const Order& order : *rows) {
        const auto sent = order.paid == order.payable && order.paid.isPositive() ? m_sentNs.find(order.id) : m_sentNs.end();
        if (sent != m_sentNs.end() && sent->second != 0) {
            m_report.visibleMs.push_back(static_cast<double>(now - sent->second) / 1e6);
            sent->second = 0;
            ++m_report.seen;
        }
    }
    if (m_report.seen == m_perSecond * m_seconds) {
        m_loop.quit();
    }
}

} // namespace counterfoil
