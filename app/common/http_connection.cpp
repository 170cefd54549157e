// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/http_connection.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>

namespace counterfoil {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr size_t readBytesMin = 1024;
constexpr size_t readBytesMax = 16 * 1024;
constexpr qint64 lingerBytesMax = 1024 * 1024;
constexpr int lingerMs = 2000;

int statusOf(HttpRefusal refusal)
{
    switch (refusal) {
    case HttpRefusal::HeaderTooLarge:
        return 431;
    case HttpRefusal::BodyTooLarge:
        return 413;
    case HttpRefusal::ExpectationUnknown:
        return 417;
    default:
        return 400;
    }
}

QString fromLatin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, HttpCore& core, std::string addressKey, QString peer)
    : m_core(core), m_socket(std::move(socket)), m_addressKey(std::move(addressKey)), m_peer(std::move(peer))
{
}

void HttpConnection::start()
{
    boost::system::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    awaitRequest();
}

void HttpConnection::close()
{
    if (m_isClosed) {
        return;
    }
    m_isClosed = true;
    forgetBody();
    boost::system::error_code ignored;
    m_socket.close(ignored);
    m_core.ended(*this);
}

void HttpConnection::closeIfOverdue(TimePoint now)
{
    if (now < m_deadline) {
        return;
    }
    if (m_phase != Phase::Waiting && m_phase != Phase::Lingering) {
        m_core.count(HttpRefusal::DeadlinePassed);
    }
    close();
}

void HttpConnection::enter(Phase phase, int deadlineMs)
{
    m_phase = phase;
    m_deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(deadlineMs);
}

void HttpConnection::forgetBody()
{
    m_core.removeBodyBytes(m_bodyBytes);
    m_bodyBytes = 0;
}

void HttpConnection::awaitRequest()
{
    m_parser.reset();
    m_head = {};
    m_rawHead.clear();
    m_out.clear();
    m_core.setInHeaderPhase(*this, true);
    if (!m_in.empty()) {
        enter(Phase::Head, m_core.limits().requestDeadlineMs);
        readHead();
        return;
    }
    if (m_core.isStopping()) {
        close();
        return;
    }
    enter(Phase::Waiting, m_core.limits().idleDeadlineMs);
    read();
}

void HttpConnection::consume(size_t bytes)
{
    m_in.erase(m_in.begin(), m_in.begin() + static_cast<std::ptrdiff_t>(bytes));
}

void HttpConnection::read()
{
    // Who fills what is offered is offered more; who sends little holds little.
    m_readBytes = std::clamp(m_readBytes, readBytesMin, readBytesMax);
    const size_t held = m_in.size();
    if (m_in.capacity() > held + m_readBytes) {
        std::vector<char>(m_in).swap(m_in);
    }
    m_in.reserve(held + m_readBytes);
    m_in.resize(held + m_readBytes);
    m_socket.async_read_some(asio::buffer(m_in.data() + held, m_readBytes),
                             [self = shared_from_this(), held](boost::system::error_code error, size_t bytes) {
                                 if (self->m_isClosed) {
                                     return;
                                 }
                                 if (error) {
                                     self->close();
                                     return;
                                 }
                                 self->m_in.resize(held + bytes);
                                 self->m_readBytes = bytes == self->m_readBytes ? 2 * bytes : readBytesMin;
                                 self->handleRead(bytes);
                             });
}

void HttpConnection::handleRead(size_t bytes)
{
    if (m_phase == Phase::Lingering) {
        m_lingered += static_cast<qint64>(bytes);
        m_in.clear();
        m_lingered > lingerBytesMax ? close() : read();
        return;
    }
    if (m_phase == Phase::Waiting) {
        enter(Phase::Head, m_core.limits().requestDeadlineMs);
    }
    m_phase == Phase::Head ? readHead() : readBody();
}

void HttpConnection::readHead()
{
    // RFC 9112, 2.2: an empty line before a request is forgiven.
    if (received().starts_with("\r\n")) {
        consume(2);
    }
    const auto headLimit = static_cast<size_t>(m_core.limits().headerBytesMax);
    // What was looked at before isn't looked at again, or a client that sends single bytes costs a square of them.
    const size_t from = m_scanned > 3 ? m_scanned - 3 : 0;
    const auto end = received().find("\r\n\r\n", from);
    const bool isComplete = end != std::string_view::npos;
    const size_t headBytes = isComplete ? end + 4 : received().size();
    const auto fresh = received().substr(0, std::min(headBytes, headLimit)).substr(std::min(from, headLimit));
    m_scanned = received().size();
    if (hasStrayControl(fresh, from > 0 ? received()[from - 1] : '\0')) {
        refuse(HttpRefusal::BadRequest);
    } else if (headBytes > headLimit) {
        refuse(HttpRefusal::HeaderTooLarge);
    } else if (!isComplete) {
        read();
    } else {
        beginBody(headBytes);
    }
}

void HttpConnection::beginBody(size_t headBytes)
{
    auto head = parseHead(received().substr(0, headBytes), m_core.limits());
    if (!head) {
        refuse(head.error());
        return;
    }
    m_head = std::move(*head);
    m_scanned = 0;
    m_parser.emplace();
    m_parser->eager(true);
    m_parser->body_limit(static_cast<std::uint64_t>(m_core.limits().bodyBytesMax));
    // The deadline runs on: it counts from the first byte of the request.
    m_phase = Phase::Body;
    m_core.setInHeaderPhase(*this, false);
    m_rawHead = QByteArray(m_in.data(), static_cast<qsizetype>(headBytes));
    consume(headBytes);
    // Beast frames the body and needs to know no more of the head than how.
    const std::string frame = "POST / HTTP/1.1\r\n" + m_head.framing + (m_head.framing.empty() ? "\r\n" : "\r\n\r\n");
    boost::system::error_code error;
    m_parser->put(asio::buffer(frame), error);
    if (error && error != http::error::need_more) {
        refuse(HttpRefusal::BadRequest);
        return;
    }
    if (m_head.expectsContinue && m_in.empty()) {
        sendContinue();
        return;
    }
    readBody();
}

void HttpConnection::sendContinue()
{
    m_out = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(m_socket, asio::buffer(m_out.constData(), static_cast<size_t>(m_out.size())),
                      [self = shared_from_this()](boost::system::error_code error, size_t) {
                          if (!self->m_isClosed) {
                              error ? self->close() : self->readBody();
                          }
                      });
}

void HttpConnection::readBody()
{
    boost::system::error_code error;
    while (!m_in.empty() && !m_parser->is_done()) {
        const size_t taken = m_parser->put(asio::buffer(m_in), error);
        consume(taken);
        if (error || taken == 0) {
            break;
        }
    }
    if (error && error != http::error::need_more) {
        refuse(error == http::error::body_limit ? HttpRefusal::BodyTooLarge : HttpRefusal::BadRequest);
        return;
    }
    const qint64 grown = m_parser->get().body().size() - m_bodyBytes;
    m_bodyBytes += grown;
    m_core.addBodyBytes(grown);
    if (m_isClosed) {
        return;
    }
    if (m_parser->is_done()) {
        dispatch();
    } else if (m_in.size() > static_cast<size_t>(m_core.limits().headerBytesMax)) {
        // Only a chunk's extension or a trailer that doesn't end stays in the buffer.
        refuse(HttpRefusal::BadRequest);
    } else {
        m_head.headers = {};
        read();
    }
}

void HttpConnection::dispatch()
{
    if (m_head.headers.empty()) {
        m_head = *parseHead({m_rawHead.constData(), static_cast<size_t>(m_rawHead.size())}, m_core.limits());
    }
    m_rawHead.clear();
    std::string_view target = m_head.target;
    if (!target.starts_with('/')) {
        const auto slash = target.find('/', target.find("//") + 2);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    ++m_request;
    m_keepAlive = m_head.keepsAlive && m_request < static_cast<quint64>(m_core.limits().requestsPerConnectionMax);
    m_isHeadRequest = m_head.method == "HEAD";
    const auto question = target.find('?');
    HttpRequest request;
    request.path = fromLatin1(target.substr(0, question));
    request.query = question == std::string_view::npos ? QString() : fromLatin1(target.substr(question + 1));
    request.method = std::move(m_head.method);
    request.body = std::move(m_parser->get().body());
    request.headers = std::move(m_head.headers);
    request.peer = m_peer;
    m_parser.reset();
    forgetBody();
    enter(Phase::Handling, m_core.limits().answerDeadlineMs);
    m_core.dispatch(std::move(request), [weak = weak_from_this(), core = m_core.shared_from_this(),
                                         number = m_request](HttpResponse response) {
        asio::dispatch(core->io(), [weak, number, answer = std::move(response)]() mutable {
            if (const auto self = weak.lock()) {
                self->answer(number, std::move(answer));
            }
        });
    });
}

void HttpConnection::answer(quint64 request, HttpResponse response)
{
    if (m_isClosed || m_phase != Phase::Handling || request != m_request) {
        return;
    }
    if (response.cutConnection) {
        close();
        return;
    }
    m_keepAlive = m_keepAlive && !m_core.isStopping();
    write(serialise(response, m_isHeadRequest, m_keepAlive), m_keepAlive);
}

void HttpConnection::refuse(HttpRefusal refusal)
{
    m_core.count(refusal);
    m_core.setInHeaderPhase(*this, false);
    m_parser.reset();
    forgetBody();
    HttpResponse response;
    response.status = statusOf(refusal);
    response.contentType = "text/plain; charset=utf-8";
    response.body = QByteArray(toString(refusal)) + '\n';
    write(serialise(response, false, false), false);
}

void HttpConnection::write(QByteArray bytes, bool keepAlive)
{
    m_out = std::move(bytes);
    enter(Phase::Writing, m_core.limits().writeDeadlineMs);
    asio::async_write(m_socket, asio::buffer(m_out.constData(), static_cast<size_t>(m_out.size())),
                      [self = shared_from_this(), keepAlive](boost::system::error_code error, size_t) {
                          if (self->m_isClosed) {
                              return;
                          }
                          if (error) {
                              self->close();
                          } else if (keepAlive) {
                              self->awaitRequest();
                          } else {
                              self->linger();
                          }
                      });
}

void HttpConnection::linger()
{
    // Closing with unread bytes resets the connection, and the client may lose the answer: read on for a moment.
    boost::system::error_code error;
    m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) {
        close();
        return;
    }
    m_out.clear();
    m_in.clear();
    enter(Phase::Lingering, lingerMs);
    read();
}

} // namespace counterfoil
