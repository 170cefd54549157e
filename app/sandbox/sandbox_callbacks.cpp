// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_callbacks.h"

#include "app/sandbox/callback_connection.h"

#include <QMessageAuthenticationCode>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <map>
#include <thread>

namespace counterfoil {

namespace asio = boost::asio;

namespace {

constexpr size_t inFlightMax = 16;

/// One receiver: its connections and what waits for one of them.
struct Receiver {
    std::deque<std::shared_ptr<CallbackDelivery>> queue;
    std::vector<std::shared_ptr<CallbackConnection>> idle;
    size_t inFlight = 0;
};

QByteArray requestBytes(const CallbackDelivery& delivery, qint64 now)
{
    const bool isForged = delivery.isBadlySigned && delivery.attempts == 1;
    const QByteArray secret = isForged ? QByteArray("whsec_somebodyelse") : delivery.secret;
    QByteArray target = delivery.url.path(QUrl::FullyEncoded).toLatin1();
    target = target.isEmpty() ? QByteArray("/") : target;
    if (delivery.url.hasQuery()) {
        target += '?' + delivery.url.query(QUrl::FullyEncoded).toLatin1();
    }
    return "POST " + target + " HTTP/1.1\r\nHost: " + delivery.url.authority(QUrl::FullyEncoded).toLatin1()
           + "\r\nUser-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nAccept: */*\r\nContent-Type: application/json; "
             "charset=utf-8\r\nContent-Length: "
           + QByteArray::number(delivery.body.size()) + "\r\nStripe-Signature: " + stripeSignature(delivery.body, secret, now)
           + "\r\n\r\n" + delivery.body;
}

} // namespace

class SandboxCallbacks::Worker {
public:
    explicit Worker(const Clock& clock) : m_clock(clock) {}

    void start()
    {
        m_thread = std::thread([this] { m_io.run(); });
    }

    void stop()
    {
        m_io.stop();
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

    void runAfter(int delayMs, std::function<void()> action)
    {
        asio::post(m_io, [this, delayMs, act = std::move(action)]() mutable { runAfterHere(delayMs, std::move(act)); });
    }

    void deliver(std::shared_ptr<CallbackDelivery> delivery, int delayMs)
    {
        ++m_pending;
        runAfter(delayMs, [this, delivery = std::move(delivery), epoch = m_epoch.load()] { enqueue(delivery, epoch); });
    }

    void reset()
    {
        ++m_epoch;
        asio::post(m_io, [this] {
            for (auto& [key, receiver] : m_receivers) {
                receiver.queue.clear();
            }
        });
        m_sent = m_acknowledged = m_failed = m_givenUp = m_pending = 0;
    }

    CallbackStatistics statistics() const { return {m_sent, m_acknowledged, m_failed, m_givenUp, m_pending}; }

private:
    void runAfterHere(int delayMs, std::function<void()> action)
    {
        if (delayMs <= 0) {
            action();
            return;
        }
        auto timer = std::make_shared<asio::steady_timer>(m_io, std::chrono::milliseconds(delayMs));
        timer->async_wait([timer, act = std::move(action)](boost::system::error_code error) {
            if (!error) {
                act();
            }
        });
    }

    void enqueue(const std::shared_ptr<CallbackDelivery>& delivery, quint64 epoch)
    {
        if (epoch != m_epoch) {
            return;
        }
        const auto key = std::pair(delivery->url.host().toStdString(), delivery->url.port(80));
        m_receivers[key].queue.push_back(delivery);
        pump(key, epoch);
    }

    void pump(const std::pair<std::string, int>& key, quint64 epoch)
    {
        Receiver& receiver = m_receivers[key];
        while (!receiver.queue.empty() && receiver.inFlight < inFlightMax) {
            const auto delivery = receiver.queue.front();
            receiver.queue.pop_front();
            std::shared_ptr<CallbackConnection> connection;
            if (receiver.idle.empty()) {
                connection = std::make_shared<CallbackConnection>(m_io, key.first, std::to_string(key.second));
            } else {
                connection = receiver.idle.back();
                receiver.idle.pop_back();
            }
            ++receiver.inFlight;
            ++delivery->attempts;
            ++m_sent;
            connection->send(requestBytes(*delivery, m_clock.now().seconds()), [this, key, epoch, delivery, raw = connection.get()](int status) {
                Receiver& mine = m_receivers[key];
                --mine.inFlight;
                mine.idle.push_back(raw->shared_from_this());
                if (epoch == m_epoch) {
                    handleAnswer(delivery, status, epoch);
                }
                pump(key, m_epoch);
            });
        }
    }

    void handleAnswer(const std::shared_ptr<CallbackDelivery>& delivery, int status, quint64 epoch)
    {
        if (status >= 200 && status < 300) {
            ++m_acknowledged;
            --m_pending;
            return;
        }
        ++m_failed;
        if (delivery->attempts >= delivery->attemptsMax) {
            ++m_givenUp;
            --m_pending;
            return;
        }
        const auto step = std::min<qsizetype>(delivery->attempts - 1, delivery->retryMs.size() - 1);
        const int pauseMs = step < 0 ? 0 : delivery->retryMs.at(step);
        runAfterHere(std::max(pauseMs, 1), [this, delivery, epoch] { enqueue(delivery, epoch); });
    }

    const Clock& m_clock;
    asio::io_context m_io{1};
    asio::executor_work_guard<asio::io_context::executor_type> m_guard{m_io.get_executor()};
    std::map<std::pair<std::string, int>, Receiver> m_receivers;
    std::atomic<quint64> m_epoch = 0;
    std::atomic<qint64> m_sent = 0;
    std::atomic<qint64> m_acknowledged = 0;
    std::atomic<qint64> m_failed = 0;
    std::atomic<qint64> m_givenUp = 0;
    std::atomic<qint64> m_pending = 0;
    std::thread m_thread;
};

QByteArray stripeSignature(const QByteArray& body, const QByteArray& secret, qint64 timestamp)
{
    const QByteArray time = QByteArray::number(timestamp);
    const QByteArray code = QMessageAuthenticationCode::hash(time + '.' + body, secret, QCryptographicHash::Sha256);
    return "t=" + time + ",v1=" + code.toHex();
}

SandboxCallbacks::SandboxCallbacks(const Clock& clock) : m_worker(std::make_unique<Worker>(clock)) {}

SandboxCallbacks::~SandboxCallbacks()
{
    stop();
}

void SandboxCallbacks::start()
{
    m_worker->start();
}

void SandboxCallbacks::stop()
{
    m_worker->stop();
}

void SandboxCallbacks::deliver(CallbackDelivery delivery, int delayMs)
{
    m_worker->deliver(std::make_shared<CallbackDelivery>(std::move(delivery)), delayMs);
}

void SandboxCallbacks::runAfter(int delayMs, std::function<void()> action)
{
    m_worker->runAfter(delayMs, std::move(action));
}

void SandboxCallbacks::reset()
{
    m_worker->reset();
}

CallbackStatistics SandboxCallbacks::statistics() const
{
    return m_worker->statistics();
}

} // namespace counterfoil
