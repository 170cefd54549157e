// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/callback_connection.h"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

namespace counterfoil {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr auto answerWithin = std::chrono::seconds(10);
constexpr std::uint64_t answerBytesMax = 64 * 1024;

} // namespace

CallbackConnection::CallbackConnection(asio::io_context& io, std::string host, std::string port)
    : m_stream(io), m_resolver(io), m_host(std::move(host)), m_port(std::move(port))
{
}

void CallbackConnection::send(QByteArray request, std::function<void(int)> done)
{
    m_request = std::move(request);
    m_done = std::move(done);
    m_mayReconnect = m_isConnected;
    m_isConnected ? write() : connect();
}

void CallbackConnection::connect()
{
    m_resolver.async_resolve(m_host, m_port, [self = shared_from_this()](beast::error_code error, auto endpoints) {
        if (error) {
            self->fail();
            return;
        }
        self->m_stream.expires_after(answerWithin);
        self->m_stream.async_connect(endpoints, [self](beast::error_code failed, const asio::ip::tcp::endpoint&) {
            if (failed) {
                self->fail();
                return;
            }
            self->m_isConnected = true;
            beast::error_code ignored;
            self->m_stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
            self->write();
        });
    });
}

void CallbackConnection::write()
{
    m_stream.expires_after(answerWithin);
    asio::async_write(m_stream, asio::buffer(m_request.constData(), static_cast<size_t>(m_request.size())),
                      [self = shared_from_this()](beast::error_code error, size_t) {
                          if (error) {
                              self->fail();
                          } else {
                              self->read();
                          }
                      });
}

void CallbackConnection::read()
{
    m_buffer.clear();
    m_parser.emplace();
    m_parser->body_limit(answerBytesMax);
    beast::http::async_read(m_stream, m_buffer, *m_parser, [self = shared_from_this()](beast::error_code error, size_t) {
        if (error) {
            self->fail();
            return;
        }
        const int status = static_cast<int>(self->m_parser->get().result_int());
        if (!self->m_parser->get().keep_alive()) {
            self->m_stream.close();
            self->m_isConnected = false;
        }
        std::exchange(self->m_done, nullptr)(status);
    });
}

void CallbackConnection::fail()
{
    m_stream.close();
    m_isConnected = false;
    if (std::exchange(m_mayReconnect, false)) {
        connect();
        return;
    }
    std::exchange(m_done, nullptr)(0);
}

} // namespace counterfoil
